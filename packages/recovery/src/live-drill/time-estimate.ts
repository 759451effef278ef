/** How long a failover would take, ours as measured now and AWS's as its documents have it. Seconds, from the least to the most. */
export interface TimeEstimate {
  /** The look at both Regions, and the recovery stack's preview twice: once as the gate, once in place of its update. Null: not measured. */
  readonly oursSeconds: number | null;
  readonly promotionSeconds: readonly [least: number, most: number];
  readonly propagationSeconds: readonly [least: number, most: number];
  /** What resolvers may keep of the old answer: the live record's TTL. */
  readonly timeToLiveSeconds: readonly [least: number, most: number];
  /** Null without a measure of ours. */
  readonly totalSeconds: readonly [least: number, most: number] | null;
  /** Where each of AWS's figures is from. */
  readonly sources: readonly string[];
}

/** AWS gives no figure: "several minutes or longer", with a reboot. The most is what to plan with, not a bound. */
const promotionSeconds = [180, 600] as const;
/** "generally within 60 seconds" */
const propagationSeconds = [0, 60] as const;

const sources = [
  "promotion: several minutes or longer, no upper bound: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html",
  "propagation: generally within 60 s: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html",
] as const;

export function estimateTime(measured: {
  readonly lookSeconds: number;
  readonly previewSeconds: number | undefined;
  readonly recordTtlSeconds: number;
}): TimeEstimate {
  const { lookSeconds, previewSeconds, recordTtlSeconds } = measured;
  const oursSeconds = previewSeconds === undefined ? null : lookSeconds + 2 * previewSeconds;
  const timeToLiveSeconds = [0, recordTtlSeconds] as const;
  const aws = [promotionSeconds, propagationSeconds, timeToLiveSeconds];
  const sum = (end: 0 | 1) => aws.reduce((total, part) => total + part[end], 0);
  return {
    oursSeconds,
    promotionSeconds,
    propagationSeconds,
    timeToLiveSeconds,
    totalSeconds: oursSeconds === null ? null : [oursSeconds + sum(0), oursSeconds + sum(1)],
    sources,
  };
}
