import type { MetricStore } from "./cloudwatch/metric-store.ts";
import type { DatabaseKind } from "./database-dialect.ts";
import type { Clock, Dials } from "./dials.ts";
import type { SentEvent } from "./events/put-events.ts";
import type { Fault } from "./faults.ts";
import type { RolePolicies } from "./iam/role-policies.ts";
import type { Notification } from "./notifications.ts";
import type { LossMode } from "./outages.ts";
import type { Call, CallFilter } from "./request-log.ts";

export interface LocalCloudOptions {
  /** Default: `fast`. */
  readonly clock?: Clock;
  /** Default: what STANDBY_DATABASE names, else MySQL when one is installed or given by STANDBY_MYSQLD, else MariaDB. */
  readonly database?: DatabaseKind;
  /** Lines for people on what is being started; never on stdout. */
  readonly onProgress?: (line: string) => void;
  /** Aborting stops the start, and everything that was started, at once. */
  readonly signal?: AbortSignal;
}

/** A running local cloud: two AWS Regions on this machine, everything in one temporary folder. */
export interface LocalCloud {
  readonly folder: string;
  /** A copy of Pulumi.yaml and the stack files with links to the program: what is typed here never edits the committed files. */
  readonly projectFolder: string;
  /** What a process needs to work in this cloud: PULUMI_*, AWS_*, PATH. Also written to `<folder>/env` for `source`. */
  readonly environment: Readonly<Record<string, string>>;
  /** AWS endpoint of every service and Region, `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  readonly dnsServer: { readonly address: string; readonly port: number };
  readonly dials: Dials;
  /** For example "MariaDB 10.11.19". */
  readonly databaseServerVersion: string;
  /** Sequence number of the last call before the latest loss; undefined when nothing was lost yet. */
  readonly lastLoss: number | undefined;

  /** Its APIs fail in the given way, its databases and functions are gone for everyone. Returns when that is so. */
  lose(region: string, mode: LossMode): Promise<void>;
  restore(region: string): Promise<void>;
  /** Route 53 takes no change and tells nothing; its health checks and name servers go on. */
  loseRoute53ControlPlane(mode: LossMode): void;
  restoreRoute53ControlPlane(): void;
  /** What alarms sent to topics, oldest first. */
  notifications(): readonly Notification[];
  /** What was sent to the default event bus of any Region, oldest first. */
  sentEvents(): readonly SentEvent[];
  /** The metrics of every Region, as they were published. */
  readonly metrics: MetricStore;
  /** A database has so much storage left from now on, for its metrics alone; undefined: as much as was allocated. */
  leaveFree(region: string, identifier: string, bytes: number | undefined): void;
  calls(filter?: CallFilter): readonly Call[];
  /** Called for each AWS call before it takes effect. Returns the function that ends it. */
  onCall(listener: (call: Call) => void): () => void;
  /** Every password that was ever set through an API: what must stand nowhere else. */
  passwords(): readonly string[];
  /** What the functions' roles may do; changing it changes what they are refused. */
  readonly rolePolicies: RolePolicies;
  addFault(fault: Fault): void;
  /** Forgets every injected fault; outages stay. */
  clearFaults(): void;
  /** Stops every process that belongs to this cloud and removes its folder. Safe to call twice. */
  close(): Promise<void>;
}
