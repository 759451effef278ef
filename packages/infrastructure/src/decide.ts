import type { ObservedDatabase } from "./observe.ts";
import type { Refusal } from "./refusal.ts";

/*
 * Pure: what is configured and what is live decide what the program declares. Databases are declared as they are, so that a second
 * run changes nothing, a killed run is resumed, and a promotion that somebody else made is understood.
 */

export type Decision<Plan> =
  | { readonly plan: Plan }
  | { readonly refusals: readonly [Refusal, ...Refusal[]] };

/** The account is checked before anything else: the same program under other credentials would build a second pair. */
export const accountRefusals = (
  { accountId, stack }: { readonly accountId: string; readonly stack: string },
  observedAccount: string,
): readonly Refusal[] =>
  accountId === observedAccount
    ? []
    : [
        {
          key: "standby:accountId",
          reason: "is not the account that these credentials belong to",
          next: `aws sts get-caller-identity, then pulumi preview -s ${stack} with the credentials of that account`,
        },
      ];

export interface PrimaryPlan {
  readonly generation: number;
  /** Nothing of the service exists yet: the secret's first value is written, and the database is created with its password. */
  readonly firstDeployment: boolean;
}

export interface PrimaryFacts {
  readonly stack: string;
  readonly configured: { readonly username: string; readonly databaseName: string };
  readonly observed: readonly ObservedDatabase[];
  /** From this stack's last outputs: a database that existed once. */
  readonly lastDatabase: string | undefined;
  readonly region: string;
}

/** What the primary stack declares. */
export function decidePrimary(facts: PrimaryFacts): Decision<PrimaryPlan> {
  const [database, ...others] = facts.observed;
  if (others.length > 0) return refused(severalDatabases(facts.stack));
  if (!database)
    return facts.lastDatabase === undefined
      ? { plan: { generation: 1, firstDeployment: true } }
      : refused(lostDatabase(facts));
  if (database.sourceArn !== undefined)
    return refused({
      key: "standby:role",
      reason: `the database of the primary Region is a read replica, and building the next database is not available yet in this version`,
      next: describeDatabase(database.identifier, facts.region),
    });
  const changed = changedAtBirth(facts, database);
  return changed ?? { plan: { generation: database.generation, firstDeployment: false } };
}

/** How the recovery Region's database is declared. */
export type ReplicaLink =
  /** With its source: a read replica. */
  | "replicate"
  /** Without its source for the first time, which is what promotes it in place. */
  | "promote"
  /** It is standalone already, whatever the state says: its source is neither declared nor compared. */
  | "standalone";

/** Whose address the CNAME holds. `writable`: this Region's, once it is proved to take writes. `readOnly`: this Region's replica. */
type RecordTarget = "primary" | "writable" | "readOnly";

export interface RecoveryPlan {
  readonly generation: number;
  readonly link: ReplicaLink;
  readonly record: RecordTarget;
}

export interface RecoveryFacts {
  readonly stack: string;
  readonly flags: { readonly failover: boolean; readonly readOnlyFailover: boolean };
  readonly observed: readonly ObservedDatabase[];
  /** From this stack's last outputs: the Region that the CNAME named. */
  readonly lastRecordRegion: string | undefined;
  readonly region: string;
}

/** What the recovery stack declares: one row for every flag against every state of its database. */
export function decideRecovery(facts: RecoveryFacts): Decision<RecoveryPlan> {
  const [database, ...others] = facts.observed;
  if (others.length > 0) return refused(severalDatabases(facts.stack));
  if (!database) return decideWithoutDatabase(facts);
  const { generation } = database;
  const { failover, readOnlyFailover } = facts.flags;
  if (database.sourceArn === undefined)
    return failover
      ? { plan: { generation, link: "standalone", record: "writable" } }
      : refused(standaloneWithoutFailover(facts));
  if (failover) return { plan: { generation, link: "promote", record: "writable" } };
  return {
    plan: { generation, link: "replicate", record: readOnlyFailover ? "readOnly" : "primary" },
  };
}

function decideWithoutDatabase(facts: RecoveryFacts): Decision<RecoveryPlan> {
  const { failover, readOnlyFailover } = facts.flags;
  const key = failover ? "failover" : readOnlyFailover ? "readOnlyFailover" : undefined;
  if (key !== undefined)
    return refused({
      key: `standby:${key}`,
      reason: "there is no read replica in this Region to move to",
      next: `pulumi config set ${key} false -s ${facts.stack} && pulumi up -s ${facts.stack}`,
    });
  // The last known writer is gone: the primary Region's database is a stale copy, and the CNAME must not go back to it by itself.
  if (facts.lastRecordRegion === facts.region)
    return refused({
      key: "standby:failover",
      reason:
        "the CNAME names this Region's database, which no longer exists; the primary Region's may lack writes, so the CNAME is not moved back to it",
      next: `restore the database of this Region from its last snapshot: aws rds describe-db-snapshots --region ${facts.region}`,
    });
  return { plan: { generation: 1, link: "replicate", record: "primary" } };
}

/**
 * A standalone database may hold writes that the primary Region's lacks. Moving the CNAME away from it would split the data.
 */
const standaloneWithoutFailover = ({ stack, flags }: RecoveryFacts): Refusal => ({
  key: flags.readOnlyFailover ? "standby:readOnlyFailover" : "standby:failover",
  reason:
    "this Region's database was promoted and takes writes; the primary Region's database may lack them, so the CNAME is not moved to it, and a promotion cannot be taken back",
  next: `pulumi config set failover true -s ${stack}${flags.readOnlyFailover ? ` && pulumi config set readOnlyFailover false -s ${stack}` : ""}   (the way back is to make the primary Region a standby of this one first)`,
});

const severalDatabases = (stack: string): Refusal => ({
  key: "standby:service",
  reason:
    "more than one database of this service exists in this Region, and this version declares one",
  next: `pulumi preview -s ${stack}   (after the tag standby:service is removed from the one that is not to be declared)`,
});

const lostDatabase = ({ stack, lastDatabase, region }: PrimaryFacts): Refusal => ({
  key: "standby:service",
  reason: `the database ${lastDatabase} of this stack no longer exists; an empty one would take its place in silence`,
  next: `restore it from its last snapshot, then pulumi up -s ${stack}; the snapshots: aws rds describe-db-snapshots --region ${region}`,
});

const describeDatabase = (identifier: string, region: string): string =>
  `aws rds describe-db-instances --db-instance-identifier ${identifier} --region ${region}`;

/** RDS sets these at birth: a change replaces the database, and its data with it. */
function changedAtBirth(
  { stack, configured }: PrimaryFacts,
  { username, databaseName }: ObservedDatabase,
): { readonly refusals: readonly [Refusal] } | undefined {
  const field =
    configured.username !== username
      ? "username"
      : configured.databaseName !== databaseName
        ? "databaseName"
        : undefined;
  return field === undefined
    ? undefined
    : refused({
        key: `standby:database.${field}`,
        reason:
          "differs from the database that exists, and a change would replace it with an empty one",
        next: `edit Pulumi.${stack}.yaml back, then pulumi preview -s ${stack}`,
      });
}

const refused = (refusal: Refusal): { readonly refusals: readonly [Refusal] } => ({
  refusals: [refusal],
});
