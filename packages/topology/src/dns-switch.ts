/** How the name moves: by a change of its record, which needs Route 53's control plane in us-east-1, or by a health check, which does not. */
export const dnsSwitches = ["record", "health-check"] as const;
export type DnsSwitch = (typeof dnsSwitches)[number];

/** The function of the recovery Region that publishes, every minute, which Region the name is to lead to. */
export const dnsSwitchFunctionName = (service: string): string => `${service}-dns-switch`;

/** Of the metric that the health check follows: 1 while the name is to lead to the recovery Region, 0 while it is not. */
export const dnsSwitchMetric = {
  name: "RecoveryRegionNamed",
  dimension: "Service",
} as const;

/**
 * Of that metric, and of nothing else. IAM bounds `PutMetricData` by the namespace alone: in one that is shared, whoever publishes
 * anything could lead this name away, another pair of the account included.
 */
export const dnsSwitchNamespace = (service: string): string => `StandbyDnsSwitch/${service}`;

/** The alarm that the health check follows; the other one watches that the name does not go back unasked. */
export const switchedAlarmName = (service: string): string => `${service}-name-in-recovery-region`;
export const returnedAlarmName = (service: string): string => `${service}-name-in-primary-region`;

/** The environment of that function: the first is the one Regional value that a move changes. */
export const dnsSwitchEnvironment = {
  namedRegion: "NAMED_REGION",
  primaryRegion: "PRIMARY_REGION",
  service: "SERVICE",
} as const;

/** What the function answers when it is called at once, by a command. */
export interface DnsSwitchAnswer {
  /** The Region that it published. */
  readonly namedRegion: string;
}
