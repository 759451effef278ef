import type { DnsSwitch } from "./dns-switch.ts";

/** What the dashboards are told: nothing that a failover, a switchover or a next generation changes. */
export interface DashboardFacts {
  readonly service: string;
  readonly accountId: string;
  readonly primaryRegion: string;
  readonly recoveryRegion: string;
  /** Of any of its databases. */
  readonly primaryDatabase: string;
  readonly recoveryDatabase: string;
  readonly dnsSwitch: DnsSwitch;
  readonly maximumLagSeconds: number;
  /** What rings, on the recovery Region's database. */
  readonly lowStorageBytes: number;
  readonly manyConnections: number;
}

export const dashboardKeys = ["pair", "primary", "recovery"] as const;
export type DashboardKey = (typeof dashboardKeys)[number];

/** Dashboards are global in an account: their names hold the service and the Region. */
export const dashboardNames = ({
  service,
  primaryRegion,
  recoveryRegion,
}: Pick<DashboardFacts, "primaryRegion" | "recoveryRegion" | "service">): Readonly<
  Record<DashboardKey, string>
> => ({
  pair: `${service}-pair`,
  primary: `${service}-${primaryRegion}`,
  recovery: `${service}-${recoveryRegion}`,
});
