import type { Datapoint, MetricIdentity } from "./metric-store.ts";
import { type Statistic, statisticOf } from "./statistics.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
};

export type Comparison = keyof typeof comparisons;

export const isComparison = (name: string | undefined): name is Comparison =>
  name !== undefined && Object.hasOwn(comparisons, name);

export const missingDataTreatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
export type MissingData = (typeof missingDataTreatments)[number];

/** What an alarm watches, and when it rings. */
export interface AlarmRule {
  readonly metric: MetricIdentity;
  readonly statistic: Statistic;
  /** Of AWS's time: the dial says how long a minute lasts here. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly missingData: MissingData;
}

/** CloudWatch looks back a little further than the periods that it judges, for data that are late. */
const periodsLookedBack = 2;

/** The values of the last whole periods, newest first. */
function recentValues(
  rule: AlarmRule,
  datapoints: readonly Datapoint[],
  now: number,
  minuteMilliseconds: number,
): readonly (number | undefined)[] {
  const length = (rule.periodSeconds / 60) * minuteMilliseconds;
  const lastEnd = Math.floor(now / length) * length;
  return Array.from({ length: rule.evaluationPeriods + periodsLookedBack }, (_, index) => {
    const end = lastEnd - index * length;
    return statisticOf(rule.statistic, datapoints, { start: end - length, end });
  });
}

/**
 * The state that the data give an alarm: the newest values that exist are judged, and missing ones count only when too few exist.
 * Undefined: the alarm keeps the state that it has.
 */
export function stateByData(
  rule: AlarmRule,
  datapoints: readonly Datapoint[],
  now: number,
  minuteMilliseconds: number,
): AlarmState | undefined {
  const { evaluationPeriods, datapointsToAlarm, missingData } = rule;
  const values = recentValues(rule, datapoints, now, minuteMilliseconds)
    .filter((value) => value !== undefined)
    .slice(0, evaluationPeriods);
  const breaching = values.filter((value) =>
    comparisons[rule.comparison](value, rule.threshold),
  ).length;
  const missing = evaluationPeriods - values.length;
  const rings = (count: number): AlarmState => (count >= datapointsToAlarm ? "ALARM" : "OK");
  if (missing === 0 || missingData === "notBreaching") return rings(breaching);
  if (missingData === "breaching") return rings(breaching + missing);
  if (values.length === 0) return missingData === "ignore" ? undefined : "INSUFFICIENT_DATA";
  if (missingData === "ignore") return breaching >= datapointsToAlarm ? "ALARM" : undefined;
  return breaching === values.length ? "ALARM" : rings(breaching);
}
