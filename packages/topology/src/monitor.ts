/*
 * What the scheduled look of the recovery Region publishes, and what its alarms are named after: the program declares an alarm for
 * each of these, the catalogue of findings tells each, the runbook has a section for each.
 */

/** Findings of the monitor, one metric each: 1 while it holds, 0 while it does not, nothing while nobody looked. */
export const watchedFindings = [
  "replication-lag",
  "lag-unknown",
  "not-replicating",
  "secret-not-in-sync",
  "secret-versions-differ",
  "split-brain",
  "no-writer",
  "preflight-red",
] as const;

export type WatchedFinding = (typeof watchedFindings)[number];

/** Alarms on what AWS measures itself, and on the monitor's own silence. */
export const nativeAlarms = [
  "storage-low",
  "connections-high",
  "functions-failing",
  "monitor-silent",
  "preflight-stale",
] as const;

export type NativeAlarm = (typeof nativeAlarms)[number];

/** Name of the alarm on one finding. */
export const alarmName = (service: string, code: WatchedFinding | NativeAlarm): string =>
  `${service}-${code}`;

export const monitorFunctionName = (service: string): string => `${service}-monitor`;

/** IAM is global: the name holds the Region. */
export const monitorRoleName = (service: string, region: string): string =>
  `${monitorFunctionName(service)}-${region}`;

/** The topic that every alarm of the pair tells. */
export const alarmTopicName = (service: string): string => `${service}-alarms`;

/** Of the monitor's metrics: each is named after its finding, and has this dimension. */
export const monitorMetrics = { namespace: "Standby", dimension: "Service" } as const;

/** The lag itself, for the dashboard: published only while it is known. */
export const lagMetricName = "replication-lag-seconds";

/** Which Region takes writes, for the dashboard: 1 the recovery Region, 0 the primary one, nothing while none or both do. */
export const activeMetricName = "recovery-region-active";

/** The environment of the monitor: the pair as the recovery stack deployed it, as JSON. */
export const monitoredPairVariable = "MONITORED_PAIR";

/** Of the events that the scheduled preflight sends to the default bus. */
export const preflightEvent = { source: "standby", detailType: "Standby Preflight" } as const;

export type MonitorRequest =
  /** Every minute. */
  | { readonly ask: "look" }
  /** Every 30 minutes. */
  | { readonly ask: "preflight" };
