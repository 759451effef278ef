import type { DatabaseAnswer, DeployedPair, ProbeFailure, ResolveAnswer } from "@standby/topology";

/*
 * What is live, as it was seen: the input of every decision (`assess.ts`) and of every step (`isDone`). A thing that did not answer is
 * `unreachable`, never absent: nothing may be concluded from silence.
 */

/** A part that answered, or why it did not within its deadline. */
export type Seen<Thing> =
  | { readonly seen: true; readonly value: Thing }
  | { readonly seen: false; readonly problem: Problem };

export interface Problem {
  /** `unreachable`: no answer. `denied`: the credentials may not ask. `failed`: an answer that is an error. `skipped`: not asked. */
  readonly kind: "unreachable" | "denied" | "failed" | "skipped";
  /** One sentence without a secret. */
  readonly message: string;
  /** What the probe found, when it was the probe that answered. */
  readonly failure?: ProbeFailure;
  /** AWS's name of the error, such as `ResourceNotFoundException`. */
  readonly errorName?: string;
}

/** The pair as its stacks describe it: from the recovery stack's outputs and the two stack files, nothing of it from the primary Region. */
export interface Deployment extends DeployedPair {
  readonly flags: {
    readonly failover: boolean;
    readonly readOnlyFailover: boolean;
    /** By stack. */
    readonly fenced: { readonly primary: boolean; readonly recovery: boolean };
    readonly replicateFrom: {
      readonly primary: string | undefined;
      readonly recovery: string | undefined;
    };
    readonly acceptDataLoss: string | undefined;
  };
}

export interface DatabaseObservation {
  readonly identifier: string;
  /** 0 for a database that was there before the program. */
  readonly generation: number;
  readonly arn: string;
  readonly address: string | undefined;
  /** RDS's own word: `available`, `modifying`, `backing-up`… */
  readonly status: string;
  /** `source`: standalone with a replica that replicates from it. */
  readonly mode: "source" | "replica" | "standalone";
  readonly sourceArn: string | undefined;
  /** Tag written by the update or command that promotes. */
  readonly promotionRequested: boolean;
  /** Of its own parameter group, only what was set; undefined when the group could not be read. */
  readonly parameters: Readonly<Record<string, string>> | undefined;
  /** The parameter group says that it refuses writes, and the parameter is in sync. */
  readonly fenceInSync: boolean;
  readonly backupRetentionDays: number;
  readonly preferredBackupWindow: string;
  readonly engineVersion: string;
  readonly deletionProtection: boolean;
  /** Inside the database, by the Region's probe. */
  readonly inside: Seen<DatabaseAnswer>;
}

export interface SecretObservation {
  readonly arn: string;
  /** Of AWSCURRENT, as the service shows it. */
  readonly versionId: string | undefined;
  readonly pendingVersionId: string | undefined;
  /** When a rotation was due at the latest; undefined where rotation is off, as on every copy. */
  readonly rotationDueAt: Date | undefined;
  /** Where this copy is replicated from; undefined for a primary or standalone secret. */
  readonly primaryRegion: string | undefined;
  /** By Region, on the primary secret only. */
  readonly replication: Readonly<
    Record<string, { readonly status: string; readonly message: string }>
  >;
  readonly keyArn: string | undefined;
  readonly deleted: boolean;
  /** By the probe with the application's role. */
  readonly readable: Seen<{ readonly versionId: string; readonly host: string }>;
}

export interface RegionObservation {
  readonly region: string;
  readonly role: "primary" | "recovery";
  /** False when no call was answered within its deadline. */
  readonly reachable: boolean;
  /** Oldest generation first. */
  readonly databases: Seen<readonly DatabaseObservation[]>;
  readonly secret: Seen<SecretObservation>;
  /** What the Region's own resolver answers for the CNAME, by the probe. */
  readonly answer: Seen<ResolveAnswer>;
}

export interface RecordObservation {
  readonly name: string;
  readonly target: string;
  readonly ttlSeconds: number;
}

export interface Operation {
  readonly id: string;
  readonly kind: "failover" | "switchover" | "rebuild" | "set-host";
  readonly owner: string;
  readonly since: string;
  /** The lock is past its expiry: its owner is presumably dead. */
  readonly expired: boolean;
}

export interface Observation {
  /** ISO 8601, UTC. */
  readonly observedAt: string;
  readonly deployment: Deployment;
  readonly regions: { readonly primary: RegionObservation; readonly recovery: RegionObservation };
  readonly record: Seen<RecordObservation>;
  readonly operation: Seen<Operation | undefined>;
}
