/*
 * What the probe of a Region is asked, and what it answers: databases are private, so everything that needs SQL or the application's
 * role is asked of the function inside the Region's VPC, never done from the operator's machine. No answer holds a secret.
 */

/** `address` names a database of the probe's own Region; one that is not an allowed host is refused. */
export type ProbeRequest =
  /** The Region's own copy of the secret, read with the application's role. */
  | { readonly ask: "secret" }
  /** What the Region's resolver answers for the CNAME. */
  | { readonly ask: "resolve"; readonly host: string }
  | { readonly ask: "database"; readonly address: string }
  /** A row written and read again: the only proof that a database takes writes, or that a fence holds. */
  | { readonly ask: "canary"; readonly address: string }
  /** Waits until the database has applied all of these transactions. */
  | {
      readonly ask: "wait-for-transactions";
      readonly address: string;
      readonly transactions: string;
      readonly timeoutSeconds: number;
    }
  /** The writes in this database's binary log that are not among `known`: what only this side has. */
  | {
      readonly ask: "diverged-writes";
      readonly address: string;
      readonly known: string;
      readonly maximumRows: number;
    }
  /** Enables the events that replication disabled, all of them named. */
  | {
      readonly ask: "enable-events";
      readonly address: string;
      readonly events: readonly DatabaseEvent[];
    }
  /** Scheduled: the heartbeat row on a writer; mode and lag of a replica kept in the recovery bucket for the program. */
  | { readonly ask: "heartbeat" };

export interface ProbeFailure {
  /** Stable, for findings: `not-allowed`, `secret-unreadable`, `access-denied`, `unreachable`, `identity`, `timeout`, `read-only`, `failed`. */
  readonly code: ProbeFailureCode;
  /** One sentence without a secret. */
  readonly message: string;
  /** MySQL's error number, when the server answered with one. */
  readonly errno?: number;
}

export type ProbeFailureCode =
  | "not-allowed"
  | "secret-unreadable"
  | "access-denied"
  | "unreachable"
  | "identity"
  | "timeout"
  | "read-only"
  | "failed";

export type ProbeReply<Answer> =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly failure: ProbeFailure };

export interface SecretAnswer {
  readonly versionId: string;
  /** The value's `host`. */
  readonly host: string;
  readonly username: string;
}

export interface ResolveAnswer {
  /** Undefined when the name exists without a CNAME, or does not exist. */
  readonly target: string | undefined;
  readonly ttlSeconds: number | undefined;
}

export interface DatabaseAnswer {
  readonly product: "mysql" | "mariadb";
  readonly version: string;
  readonly serverUuid: string;
  /** `read_only` or `super_read_only` is on. */
  readonly readOnly: boolean;
  /** The transactions that this database has applied: MySQL's `gtid_executed`, MariaDB's `gtid_binlog_state`. See `transactions.ts`. */
  readonly transactions: string;
  /** Absent on a database that replicates from nowhere. */
  readonly replication?: ReplicationAnswer;
  /** Newest heartbeat row, whichever Region wrote it. */
  readonly heartbeat?: { readonly region: string; readonly writtenAt: string };
  /** Of the secret with which this database let the probe in. */
  readonly acceptedVersionId: string;
  readonly disabledEvents: readonly DatabaseEvent[];
  /** Null: RDS deletes binary logs as soon as it can, and with them the evidence of lost writes. */
  readonly binaryLogRetentionHours: number | null;
}

export interface ReplicationAnswer {
  readonly sourceHost: string;
  readonly receiving: boolean;
  readonly applying: boolean;
  /** Null: replication does not run. Never to be read as 0. */
  readonly lagSeconds: number | null;
  readonly lastErrno?: number;
}

/** A scheduled event of MySQL's own event scheduler. */
export interface DatabaseEvent {
  readonly schema: string;
  readonly name: string;
}

export interface CanaryAnswer {
  /** The transactions applied with the row. */
  readonly transactions: string;
  readonly milliseconds: number;
}

export interface WaitAnswer {
  readonly reached: boolean;
  readonly transactions: string;
}

export interface DivergedWritesAnswer {
  readonly writes: readonly DivergedWrite[];
  /** Changes of definitions, and writes that were logged as text. Absent in the answer of an older probe, as what follows. */
  readonly statements?: readonly DivergedStatement[];
  /** More was found than `maximumRows`, or than an answer can hold: the list ends before the log does. */
  readonly truncated: boolean;
  /** False: a part of the log is gone or cannot be read, so the list is incomplete. */
  readonly complete: boolean;
  /** Tables among the writes that have no primary key: their rows are known by all of their columns only. */
  readonly tablesWithoutKey?: readonly string[];
  /** Diverged, and in a form that cannot be read: compressed, or with parts of JSON columns. */
  readonly unreadableTransactions?: readonly string[];
  /** Diverged as well, and without anything to show. Rows of the probe's own schema are not among the writes. */
  readonly transactionsWithoutRows?: readonly string[];
}

export interface DivergedWrite {
  readonly transaction: string;
  readonly at: string;
  readonly table: string;
  readonly change: "insert" | "update" | "delete";
  /** Columns of the primary key, as the table is now; before the change. Null: it has none, and all of the row is what there is. */
  readonly key?: Readonly<Record<string, unknown>> | null;
  /** Of an update: the row before it. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** The row after the change; before it for a delete. Values as JSON can hold them. */
  readonly row: Readonly<Record<string, unknown>>;
}

export interface DivergedStatement {
  readonly transaction: string;
  readonly at: string;
  /** The schema that was in use; empty for none. */
  readonly schema: string;
  /** One about an account is named and not shown: it may hold a password. */
  readonly statement: string;
}

export interface EventsAnswer {
  readonly enabled: readonly DatabaseEvent[];
}

export interface HeartbeatAnswer {
  readonly wrote: boolean;
  readonly recorded: boolean;
}

/** Which answer belongs to which request. */
export interface ProbeAnswers {
  readonly secret: SecretAnswer;
  readonly resolve: ResolveAnswer;
  readonly database: DatabaseAnswer;
  readonly canary: CanaryAnswer;
  readonly "wait-for-transactions": WaitAnswer;
  readonly "diverged-writes": DivergedWritesAnswer;
  readonly "enable-events": EventsAnswer;
  readonly heartbeat: HeartbeatAnswer;
}

/**
 * The object `replicationRecordKey` of the recovery bucket: what the program can know of the lag without a client. It is not written
 * while the source does not answer, so that after the loss of the source it still says what the lag was.
 */
export interface ReplicationRecord {
  readonly schema: "standby.replication/1";
  /** When the lag was read. ISO 8601, UTC. */
  readonly at: string;
  readonly identifier: string;
  readonly mode: "replica" | "standalone";
  readonly lagSeconds: number | null;
}

/** Where the probe writes in a database: a schema of its own, which replication carries and no migration of the application meets. */
export const probeSchema = "standby";

export const replicationRecordKey = "replication.json";
