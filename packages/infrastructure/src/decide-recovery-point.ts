import type { RecoveryPoint } from "@standby/topology";
import type { ObservedDatabase } from "./observe.ts";
import type { ObservedReplication } from "./observe-replication.ts";
import type { Refusal } from "./refusal.ts";

export interface RecoveryPointFacts {
  readonly stack: string;
  readonly region: string;
  /** Identifier of a database that may be moved to whatever it lacks. */
  readonly acceptDataLoss: string | undefined;
  readonly recoveryPoint: RecoveryPoint;
  /** The last update made a place for the record. */
  readonly keepsRecord: boolean;
  readonly replication: ObservedReplication | undefined;
}

/**
 * Whether a replica may be promoted without anybody's word for what is lost with it: only when the last record of its lag is there,
 * recent, and within the objective. A promotion that was begun is ended, whatever the record has become since.
 */
export function recoveryPointRefusals(
  facts: RecoveryPointFacts,
  replica: ObservedDatabase,
): readonly Refusal[] {
  if (replica.promotionRequested || facts.acceptDataLoss === replica.identifier) return [];
  const problem = problemOf(facts, replica);
  return problem === undefined ? [] : [{ key: "standby:failover", ...problem }];
}

function problemOf(
  facts: RecoveryPointFacts,
  { identifier }: ObservedDatabase,
): Omit<Refusal, "key"> | undefined {
  const { replication, recoveryPoint, stack } = facts;
  const accept = `to give those writes up: pulumi config set acceptDataLoss ${identifier} -s ${stack} && pulumi up -s ${stack}`;
  if (!facts.keepsRecord)
    return {
      reason: `this stack was last updated before it kept a record of the lag of ${identifier}: nobody can say what a failover would lose`,
      next: `while the primary Region is there: pulumi config set failover false -s ${stack} && pulumi up -s ${stack}, and wait two minutes for the record; ${accept}`,
    };
  if (!replication || replication.identifier !== identifier)
    return {
      reason: `there is no record of the lag of ${identifier}: nobody can say what a failover would lose`,
      next: `look why the probe keeps none: aws logs tail /aws/lambda --follow --region ${facts.region} (two minutes after the first update it is there); ${accept}`,
    };
  const { lagSeconds, ageSeconds } = replication;
  const age = `${Math.round(ageSeconds)} s ago`;
  if (lagSeconds === null)
    return {
      reason: `${identifier} received writes and could not apply them when it was last seen, ${age}: nobody can say what a failover would lose`,
      next: `look at its replication; ${accept}`,
    };
  if (ageSeconds > recoveryPoint.maximumAgeSeconds)
    return {
      reason: `the last record of the lag of ${identifier} is from ${age} (recoveryPoint.maximumAgeSeconds is ${recoveryPoint.maximumAgeSeconds}), when it was ${lagSeconds} s: if the primary Region has been lost since, that is about what is lost; if it went on taking writes, all of those since are`,
      next: accept,
    };
  if (lagSeconds > recoveryPoint.maximumLagSeconds)
    return {
      reason: `${identifier} was ${lagSeconds} s behind when it was last seen, ${age} (recoveryPoint.maximumLagSeconds is ${recoveryPoint.maximumLagSeconds}): a failover loses at least what was written in that time`,
      next: `while the primary Region is there, wait until it has caught up; ${accept}`,
    };
  return undefined;
}
