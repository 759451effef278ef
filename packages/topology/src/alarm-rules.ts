import { type NativeAlarm, type WatchedFinding, watchedFindings } from "./monitor.ts";

export type AlarmCode = WatchedFinding | NativeAlarm;

/** When an alarm rings, in CloudWatch's own terms. */
export interface AlarmRule {
  readonly periodSeconds: number;
  /** How many periods are judged, */
  readonly periods: number;
  /** and how many of them have to be bad. */
  readonly badPeriods: number;
  readonly missingData: "breaching" | "ignore" | "notBreaching";
}

const minutes = (periods: number, missingData: AlarmRule["missingData"]): AlarmRule => ({
  periodSeconds: 60,
  periods,
  badPeriods: periods,
  missingData,
});

/**
 * A finding has to be seen for minutes before it rings, and silence changes nothing: that has alarms of its own. What nobody wants to
 * hear late rings at once.
 */
export const alarmRules: Readonly<Record<AlarmCode, AlarmRule>> = {
  "replication-lag": minutes(3, "ignore"),
  "lag-unknown": minutes(5, "ignore"),
  "not-replicating": minutes(3, "ignore"),
  // A rotation and its replication take a minute or two.
  "secret-not-in-sync": minutes(5, "ignore"),
  "secret-versions-differ": minutes(5, "ignore"),
  "split-brain": minutes(1, "ignore"),
  "no-writer": minutes(2, "ignore"),
  // One datapoint in 30 minutes: its state stays until the next one.
  "preflight-red": minutes(1, "ignore"),
  "storage-low": minutes(5, "ignore"),
  "connections-high": minutes(5, "ignore"),
  // A function that nobody calls fails nobody.
  "functions-failing": { ...minutes(5, "notBreaching"), badPeriods: 3 },
  "monitor-silent": minutes(5, "breaching"),
  "preflight-stale": { periodSeconds: 300, periods: 12, badPeriods: 12, missingData: "breaching" },
};

/** CloudWatch looks at some periods more than it judges when data are missing: only then does silence count. */
const periodsLookedBack = 2;

/** How long after its cause an alarm rings at the latest: the judged periods, the one under way, and CloudWatch's and the monitor's minute. */
export function ringsWithinMinutes(code: AlarmCode): number {
  const { periodSeconds, periods, missingData } = alarmRules[code];
  const waited = missingData === "breaching" ? periods + periodsLookedBack : periods;
  const publishedEveryMinutes = code === "preflight-red" ? preflightEveryMinutes : lookEveryMinutes;
  return ((waited + 1) * periodSeconds) / 60 + publishedEveryMinutes + 1;
}

export const lookEveryMinutes = 1;
export const preflightEveryMinutes = 30;

const isWatched = (code: AlarmCode): code is WatchedFinding =>
  watchedFindings.some((each) => each === code);

/** The metric of the monitor that an alarm is on: its own, or, for silence, one that is published every time. */
export function monitorMetricOf(code: AlarmCode): WatchedFinding | undefined {
  if (isWatched(code)) return code;
  if (code === "monitor-silent") return "no-writer";
  return code === "preflight-stale" ? "preflight-red" : undefined;
}
