import type { DashboardMetric } from "@standby/topology";

export const shownMinutes = 180;
/** The minute at which the primary Region is lost in the made-up hours. */
export const lostAtMinute = 120;
const promotedAtMinute = 126;
const preflightEvery = 30;

/** One value a minute; null: nothing is published. */
export interface MadeUpLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

type Shape = (minute: number) => number | null;

/** Neither random nor regular: the same picture every time. */
const wave = (minute: number, seed: number): number =>
  (Math.sin(minute / 7 + seed) + Math.sin(minute / 3.1 + 2 * seed)) / 2;

const until =
  (minute: number, shape: Shape): Shape =>
  (at) =>
    at < minute ? shape(at) : null;

const around =
  (middle: number, width: number, seed: number) =>
  (minute: number): number =>
    Math.max(0, middle + width * wave(minute, seed));

/** What each metric might have been: at two thirds of the time the primary Region is lost, and failed over six minutes later. */
const shapes: Readonly<Record<string, (primary: boolean) => Shape>> = {
  CPUUtilization: (primary) => (minute) =>
    around(primary || minute >= promotedAtMinute ? 38 : 12, 6, 1)(minute),
  DatabaseConnections: (primary) => (minute) =>
    Math.round(around(primary || minute >= promotedAtMinute ? 84 : 3, 8, 2)(minute)),
  FreeStorageSpace: () => (minute) => (61 - minute / 60) * 2 ** 30,
  ReplicaLag: (primary) => (minute) =>
    primary || minute >= lostAtMinute ? null : Math.round(around(2, 2, 3)(minute)),
  Invocations: (primary) => (minute) =>
    Math.round(around(primary || minute >= promotedAtMinute ? 900 : 12, 90, 4)(minute)),
  Errors: (primary) => (minute) =>
    !primary && minute >= lostAtMinute && minute < promotedAtMinute ? 14 : 0,
  Duration: () => around(42, 9, 5),
  "replication-lag-seconds": () =>
    until(lostAtMinute, (minute) => Math.round(around(3, 3, 6)(minute))),
  "recovery-region-active": () => (minute) =>
    minute < lostAtMinute ? 0 : minute < promotedAtMinute ? null : 1,
  "no-writer": () => (minute) => (minute >= lostAtMinute && minute < promotedAtMinute ? 1 : 0),
  "not-replicating": () => (minute) => (minute >= lostAtMinute ? 1 : 0),
  "preflight-red": () => (minute) =>
    minute % preflightEvery === 7 ? (minute >= lostAtMinute ? 1 : 0) : null,
};

/** The probe and the monitor are called once a minute and do not fail. */
function scheduled([, name, , functionName]: DashboardMetric): Shape | undefined {
  if (typeof functionName !== "string" || !/-(monitor|probe)$/.test(functionName)) return undefined;
  if (name === "Duration") return around(functionName.endsWith("probe") ? 25 : 310, 15, 7);
  return () => (name === "Invocations" ? 1 : 0);
}

/** The lines of a graph, with what they might have shown. */
export function madeUpLines(
  metrics: readonly DashboardMetric[],
  { primary }: { readonly primary: boolean },
): readonly MadeUpLine[] {
  return metrics.flatMap((metric): MadeUpLine[] => {
    const options = metric.at(-1);
    const { label, expression, visible, region } =
      typeof options === "object" ? options : { label: undefined };
    if (visible === false) return [];
    const searched = expression && /MetricName="(\w+)".*?\("([\w-]+)"/.exec(expression);
    const there = region === undefined ? primary : region === "us-east-1";
    if (expression && !searched) return [{ label: label ?? "", values: sampled(sinceLast) }];
    const name = searched ? (searched[1] ?? "") : String(metric[1]);
    const shape = scheduled(metric) ?? shapes[name]?.(there) ?? (() => 0);
    // What the monitor publishes comes from the Region that is not lost.
    const seen = there && metric[0] !== "Standby" ? until(lostAtMinute, shape) : shape;
    return [{ label: label ?? searched?.[2] ?? name, values: sampled(seen) }];
  });
}

const sinceLast: Shape = (minute) => (minute < 7 ? null : (minute - 7) % preflightEvery);

const sampled = (shape: Shape): readonly (number | null)[] =>
  Array.from({ length: shownMinutes }, (_, minute) => shape(minute));
