import { promotionRequested, promotionTag } from "@standby/topology";
import type { RecoveryFacts } from "./decide-recovery.ts";
import type { ObservedDatabase } from "./observe.ts";
import type { Refusal } from "./refusal.ts";

/*
 * The moves that the recovery stack does not make, and the way on from each.
 */

type Flag = "failover" | "readOnlyFailover";

const set = (key: string, value: string, stack: string): string =>
  `pulumi config set ${key} ${value} -s ${stack}`;

export const withoutReplica = ({ stack, last, region }: RecoveryFacts, key: Flag): Refusal => ({
  key: `standby:${key}`,
  reason:
    last.database === undefined
      ? "there is no read replica in this Region to move to"
      : `there is no read replica in this Region to move to: ${last.database} no longer exists`,
  next:
    last.database !== undefined && last.recordRegion === region
      ? `restore ${last.database} from its last snapshot (aws rds describe-db-snapshots --region ${region}), or ${set(key, "false", stack)} && pulumi up -s ${stack}`
      : `${set(key, "false", stack)} && pulumi up -s ${stack}`,
});

/** The last known writer is gone: the primary Region's database is a stale copy, and the CNAME must not go back to it by itself. */
export const lostWriter = ({ region }: RecoveryFacts): Refusal => ({
  key: "standby:failover",
  reason:
    "the CNAME names this Region's database, which no longer exists; the primary Region's may lack writes, so the CNAME is not moved back to it",
  next: `restore the database of this Region from its last snapshot: aws rds describe-db-snapshots --region ${region}`,
});

/**
 * Declaring cannot promote what is only read. The tag comes first: it tells this promotion from one that nobody asked for, so that the
 * same update goes on afterwards.
 */
export const promotionByHand = (
  { stack, region }: RecoveryFacts,
  { identifier, arn, adopted }: ObservedDatabase,
): Refusal => ({
  key: "standby:failover",
  reason: `${identifier} was there before this program and is only read, so that this update cannot promote it; promote it by hand, and the same update moves the CNAME`,
  next: [
    `aws rds add-tags-to-resource --resource-name ${arn} --tags Key=${promotionTag},Value=${promotionRequested} --region ${region}`,
    `aws rds promote-read-replica --db-instance-identifier ${identifier} --backup-retention-period ${adopted?.backupRetentionDays || 7} --region ${region}`,
    "sleep 30",
    `aws rds wait db-instance-available --db-instance-identifier ${identifier} --region ${region}`,
    `pulumi up -s ${stack}`,
  ].join(" && "),
});

/** A standalone database may hold writes that the primary Region's lacks. Moving the CNAME away from it would split the data. */
export const moveAwayFromWriter = (
  { stack, primaryStack }: RecoveryFacts,
  { arn }: ObservedDatabase,
): Refusal => ({
  key: "standby:failover",
  reason:
    "this Region's database was promoted and takes writes; the primary Region's database may lack them, so the CNAME is not moved to it, and a promotion cannot be taken back",
  next: `${set("failover", "true", stack)}; to go back to the primary Region, rebuild it first: ${set("replicateFrom", arn, primaryStack)} && pulumi up -s ${primaryStack}, and when it has caught up: ${set("fenced", "true", stack)} with failover false`,
});

/** Fencing now would stop every write with nowhere for them to go. */
export const nothingToReturnTo = (
  { stack, primaryStack }: RecoveryFacts,
  { arn, identifier }: ObservedDatabase,
  candidate: string | undefined,
): Refusal => ({
  key: "standby:failover",
  reason:
    candidate === undefined
      ? `the CNAME names ${identifier} of this Region, and the primary Region has no database to return to`
      : `the CNAME names ${identifier} of this Region, and ${candidate} of the primary Region was not made from it: it lacks its writes`,
  next: `${set("failover", "true", stack)} && ${set("fenced", "false", stack)}, then rebuild the primary Region: ${set("replicateFrom", arn, primaryStack)} && pulumi up -s ${primaryStack}`,
});

/** The recovery stack names the database by what the primary stack says, so both have to mean the same one. */
export const returnNotDeclared = (
  { stack, primaryStack }: Pick<RecoveryFacts, "stack" | "primaryStack">,
  target: string,
): Refusal => ({
  key: "standby:failover",
  reason: `the primary stack's last update does not know ${target}, which the CNAME would return to`,
  next: `pulumi up -s ${primaryStack}, then pulumi up -s ${stack}`,
});

export const returnToFenced = (
  { stack, primaryStack }: Pick<RecoveryFacts, "stack" | "primaryStack">,
  target: string,
): Refusal => ({
  key: "standby:failover",
  reason: `${target} of the primary Region, which the CNAME would return to, is fenced by its own stack`,
  next: `${set("fenced", "false", primaryStack)} && pulumi up -s ${primaryStack}, then pulumi up -s ${stack}`,
});

/** It stopped to follow at an unknown time, and the primary Region's went on taking writes. */
export const promotedBehindUs = (
  { stack }: RecoveryFacts,
  { identifier }: ObservedDatabase,
): Refusal => ({
  key: "standby:failover",
  reason: `${identifier} was promoted by somebody else and lacks every write that the primary Region took since then`,
  next: `to stay with the primary Region: ${set("failover", "false", stack)}; to give those writes up: ${set("acceptDataLoss", identifier, stack)} && pulumi up -s ${stack}`,
});

export const readOnlyOfStandalone = (
  { stack }: RecoveryFacts,
  { identifier }: ObservedDatabase,
): Refusal => ({
  key: "standby:readOnlyFailover",
  reason: `${identifier} is no longer a replica: it lacks what the primary Region took since its promotion, and it takes writes`,
  next: `${set("readOnlyFailover", "false", stack)} && pulumi up -s ${stack}`,
});

export const unknownStandalone = (
  { stack, region, readOnlyFailover }: RecoveryFacts,
  { identifier }: ObservedDatabase,
): Refusal => ({
  key: readOnlyFailover ? "standby:readOnlyFailover" : "standby:service",
  reason: `the standalone database ${identifier} exists in this Region and this stack has no outputs of an update that knew it: nobody can say whether the CNAME names it`,
  next: `aws rds describe-db-instances --db-instance-identifier ${identifier} --region ${region}; if it is not of this stack, remove its tag standby:service, then pulumi preview -s ${stack}`,
});

export const writerBehindReplica = (
  { service, region, last, failover, readOnlyFailover }: RecoveryFacts,
  { identifier }: ObservedDatabase,
): Refusal => ({
  key: readOnlyFailover && !failover ? "standby:readOnlyFailover" : "standby:failover",
  reason: `the CNAME names ${last.database} of this Region, which takes writes; ${identifier} is a replica and cannot take its place`,
  next: `aws rds describe-db-instances --region ${region}, and look at every database of ${service}`,
});
