/** Of the sizes that every family shares; `2xlarge` and its like are multiples of `xlarge`. */
const memoryGiB: Readonly<Record<string, number>> = {
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
};

/** Families with more memory for a size, by their first letter. */
const memoryFactor: Readonly<Record<string, number>> = { r: 2, x: 4 };

const bytesOfConnection = 12_582_880;
const share = 0.8;

/**
 * How many connections are too many: four fifths of what RDS sets `max_connections` to, which goes by the memory of the instance class.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
 * @example manyConnections("db.t4g.medium") // 273
 */
export function manyConnections(instanceClass: string): number {
  const [, family = "", size = ""] = instanceClass.split(".");
  const multiple = /^(\d+)xlarge$/.exec(size)?.[1];
  const ofSize =
    multiple === undefined ? (memoryGiB[size] ?? 1) : (memoryGiB["xlarge"] ?? 0) * Number(multiple);
  const memory = ofSize * (memoryFactor[family.charAt(0)] ?? 1) * 2 ** 30;
  return Math.floor((memory / bytesOfConnection) * share);
}
