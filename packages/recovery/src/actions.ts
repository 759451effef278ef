import type { ProbeAnswers, ProbeReply, ProbeRequest } from "@standby/topology";

/*
 * What the moves ask and do, one call each. Everything else of them is decided from the answers, so that a test's world can take the
 * place of AWS. Every call is bounded by its signal and by a deadline of its own.
 */

/** A database as RDS shows it, with what a move needs and no more. */
export interface LiveDatabase {
  readonly region: string;
  readonly identifier: string;
  readonly generation: number;
  readonly arn: string;
  /** `db-…`: how the program's state names it. */
  readonly resourceId: string;
  /** Undefined until there is a server behind it. */
  readonly address: string | undefined;
  readonly status: string;
  /** Undefined for one that takes writes. */
  readonly sourceArn: string | undefined;
  readonly promotionRequested: boolean;
  readonly parameterGroup: string;
  readonly backupRetentionDays: number;
}

/** Of the parameter `read_only`. */
export type WriteAccess =
  /** Refused from everybody: a fence. */
  | "1"
  /** As RDS decides: a replica refuses, any other database takes them. Never `0`, which would open a replica. */
  | "{TrueIfReplica}";

/** One Region's copy of the secret. */
export interface LiveSecret {
  readonly arn: string;
  readonly versionId: string | undefined;
  /** Of a rotation that has begun and not ended. */
  readonly pendingVersionId: string | undefined;
  /** When the current version was written. */
  readonly changedAt: Date | undefined;
  /** Where it is replicated from; its own Region or undefined for a primary or standalone one. */
  readonly primaryRegion: string | undefined;
  readonly replication: readonly { readonly region: string; readonly status: string }[];
  readonly keyArn: string | undefined;
}

/** The CNAME as Route 53's control plane holds it. */
export interface LiveRecord {
  /** As it was written, case and trailing dot included. */
  readonly value: string;
  readonly ttlSeconds: number;
}

/** The secret of the application, or the one of the master user where there is one. */
export type SecretKind = "application" | "admin";

export interface Actions {
  /** STS says who calls, which nobody needs a permission for: whether the Region is there. */
  caller(region: string, signal: AbortSignal): Promise<void>;
  /** The service's databases in a Region, oldest generation first. */
  databases(region: string, signal: AbortSignal): Promise<readonly LiveDatabase[]>;
  /** The parameter as the group has it, and whether the instance has followed. */
  writeAccess(
    database: LiveDatabase,
    signal: AbortSignal,
  ): Promise<{ readonly value: string; readonly inSync: boolean }>;
  /** Asked for; the group's answer comes before the instance follows. */
  setWriteAccess(database: LiveDatabase, access: WriteAccess, signal: AbortSignal): Promise<void>;
  /** Tells the program that a promotion is this pair's own. */
  tagPromotion(database: LiveDatabase, signal: AbortSignal): Promise<void>;
  promote(database: LiveDatabase, signal: AbortSignal): Promise<void>;
  /** A failure that the probe found is an answer; one of the way to it is thrown. */
  ask<Request extends ProbeRequest>(
    region: string,
    request: Request,
    signal: AbortSignal,
  ): Promise<ProbeReply<ProbeAnswers[Request["ask"]]>>;
  /** Undefined when the zone has none. */
  record(signal: AbortSignal): Promise<LiveRecord | undefined>;
  /**
   * Puts another address in the place of what was seen, in one change that Route 53 makes whole or not at all: it is refused when the
   * record holds something else by then. Answered before resolvers follow.
   */
  replaceRecord(seen: LiveRecord | undefined, address: string, signal: AbortSignal): Promise<void>;
  /** A write through the application of a Region. */
  writeThroughApplication(region: string, mark: string, signal: AbortSignal): Promise<void>;
  /** With `dnsSwitch: health-check`: lets the recovery Region's function publish now, and says which Region it published. */
  publishName(signal: AbortSignal): Promise<string>;
  secret(region: string, signal: AbortSignal, kind?: SecretKind): Promise<LiveSecret | undefined>;
  /** Writes one Region's current value over another's, as the same version. */
  copySecretValue(from: string, to: string, signal: AbortSignal, kind?: SecretKind): Promise<void>;
  /** Makes a Region's copy a replica again; `overwrite` replaces a standalone copy that is there. */
  replicateSecret(
    from: string,
    to: string,
    options: { readonly keyArn: string | undefined; readonly overwrite: boolean },
    signal: AbortSignal,
    kind?: SecretKind,
  ): Promise<void>;
}
