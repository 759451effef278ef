import { databaseIdentifier, generationOf } from "@standby/topology";
import { adoptionRefusals, wasAdopted } from "./adoption.ts";
import { type Decision, type Notice, refused, strangerRefusals } from "./decide.ts";
import { type RecoveryPointFacts, recoveryPointRefusals } from "./decide-recovery-point.ts";
import { decideReturn } from "./decide-return.ts";
import { decideSuccession } from "./decide-succession.ts";
import { decideWrites } from "./decide-writes.ts";
import {
  type AdoptedBirth,
  type Generations,
  newReplica,
  type PlannedDatabase,
  promoted,
  type ReplicaBirth,
  replicaAsItIs,
  standbyAsItIs,
} from "./generations.ts";
import type { Observation, ObservedDatabase } from "./observe.ts";
import * as refusals from "./recovery-refusals.ts";

/** Whose address the CNAME holds. */
type RecordTarget =
  /** The primary Region's database. */
  | "primary"
  /** The same, moved back from this Region's database, which is fenced first. */
  | "return"
  /** What it holds: nothing here moves it, whatever it may be. */
  | "kept"
  /** This Region's replica, which stays one. */
  | "readOnly"
  /** This Region's database, once it is proved to be standalone. */
  | "writable";

export interface RecoveryPlan {
  readonly databases: Generations<ReplicaBirth | AdoptedBirth>;
  readonly record: RecordTarget;
  /** The primary Region's database that the record returns to. */
  readonly returnsTo?: string;
  readonly fenced: boolean;
  /** The source of a next generation that is to be built. */
  readonly replicatesFrom?: string;
  readonly notices: readonly Notice[];
}

export interface RecoveryFacts {
  readonly stack: string;
  readonly primaryStack: string;
  readonly service: string;
  readonly region: string;
  readonly failover: boolean;
  readonly readOnlyFailover: boolean;
  readonly fenced: boolean;
  readonly replicateFrom: string | undefined;
  /** Identifier of a database that may be moved to although it lacks writes, or nobody knows whether it does. */
  readonly acceptDataLoss: string | undefined;
  readonly recoveryPoint: RecoveryPointFacts["recoveryPoint"];
  /** The last record of the replica's lag; looked for under `failover` only. */
  readonly replication: RecoveryPointFacts["replication"];
  /** `database.existing.identifier`. */
  readonly adopts: string | undefined;
  readonly observed: Observation;
  /** What the primary Region shows; only a return to it asks there, see `asksPrimaryRegion`. */
  readonly primaryObserved?: Observation;
  /** This stack's last outputs: all there is to know of the past, and nothing before the first update. */
  readonly last: {
    readonly recordRegion?: string | undefined;
    readonly database?: string | undefined;
    readonly databaseMode?: "replica" | "standalone" | undefined;
    readonly recoveryBucket?: string | undefined;
    readonly databaseFenced?: boolean | undefined;
  };
}

/** What the recovery stack declares: `docs/configuration.md` prints it as a table. */
export function decideRecovery(facts: RecoveryFacts): Decision<RecoveryPlan> {
  const { observed, last, failover, replicateFrom } = facts;
  const [first] = [
    ...strangerRefusals(observed.strangers, { ...facts, lastDatabase: last.database }),
    ...adoptionRefusals(facts),
  ];
  if (first) return refused(first);
  const { next, refusal } = decideSuccession({
    ...facts,
    databases: observed.databases,
    lastDatabase: last.database,
    active: failover || recordIsHere(facts),
  });
  if (refusal) return refused(refusal);
  if (next && replicateFrom !== undefined)
    return planOf(facts, next, "primary", { replicatesFrom: replicateFrom });
  const current = observed.databases.at(-1);
  if (!current) return withoutDatabase(facts);
  return current.sourceArn === undefined
    ? withStandalone(facts, current)
    : withReplica(facts, current);
}

/** A return is asked for. Every other update, and above all a failover, must not need the primary Region. */
export function asksPrimaryRegion(facts: RecoveryFacts): boolean {
  const { failover, readOnlyFailover, fenced, observed } = facts;
  const current = observed.databases.at(-1);
  const isStandalone = current !== undefined && current.sourceArn === undefined;
  return fenced && !failover && !readOnlyFailover && isStandalone && recordIsHere(facts);
}

/** By the last outputs and not by the live record: Route 53 answers from us-east-1, and nothing here may need that to be decided. */
const recordIsHere = ({ last, region }: RecoveryFacts): boolean => last.recordRegion === region;

/** The Region's database as planned, after every older generation as it is. */
function planOf(
  facts: RecoveryFacts,
  database: PlannedDatabase<ReplicaBirth | AdoptedBirth>,
  record: RecordTarget,
  more: Partial<Pick<RecoveryPlan, "replicatesFrom" | "returnsTo" | "notices">> = {},
): Decision<RecoveryPlan> {
  const { observed, fenced, failover, last } = facts;
  const current = observed.databases.find(({ generation }) => generation === database.generation);
  const { writes, refusal } = decideWrites({
    ...facts,
    identifier: current?.identifier ?? databaseIdentifier(facts.service, database.generation),
    database,
    lastFenced: last.databaseFenced === true,
    isWrittenElsewhere: !failover && !recordIsHere(facts),
    isRebuilt: false,
  });
  if (refusal) return refused(refusal);
  const older = observed.databases
    .filter(({ generation }) => generation < database.generation)
    .map((each) => standbyAsItIs(each, true));
  const databases: RecoveryPlan["databases"] = [...older, { ...database, writes }];
  return { plan: { databases, record, fenced, notices: [], ...more } };
}

function withReplica(facts: RecoveryFacts, current: ObservedDatabase): Decision<RecoveryPlan> {
  const { failover, readOnlyFailover, last } = facts;
  // The record names an older generation, which took writes: neither its replica nor the primary Region's database may follow it.
  if (recordIsHere(facts) && last.databaseMode === "standalone")
    return refused(refusals.writerBehindReplica(facts, current));
  if (failover && current.adopted) return refused(refusals.promotionByHand(facts, current));
  if (failover) return promote(facts, current);
  return planOf(facts, standbyAsItIs(current, false), readOnlyFailover ? "readOnly" : "primary");
}

function promote(facts: RecoveryFacts, replica: ObservedDatabase): Decision<RecoveryPlan> {
  const { recordRegion, recoveryBucket } = facts.last;
  const keepsRecord = recoveryBucket !== undefined;
  const [refusal] = recoveryPointRefusals({ ...facts, keepsRecord }, replica);
  // Without outputs of an earlier update there is nothing to fail over with, and that is said in its own place.
  if (refusal && recordRegion !== undefined) return refused(refusal);
  return planOf(facts, promoted(replicaAsItIs(replica, false)), "writable");
}

function withStandalone(facts: RecoveryFacts, current: ObservedDatabase): Decision<RecoveryPlan> {
  const { failover, readOnlyFailover, acceptDataLoss, last } = facts;
  const standalone = standbyAsItIs(current, false);
  if (failover) {
    // Nothing moves, or it is our own promotion that was interrupted, or a person answers for what is lost.
    const accepted =
      recordIsHere(facts) ||
      isOurPromotion(facts, current) ||
      acceptDataLoss === current.identifier;
    return accepted
      ? planOf(facts, standalone, "writable")
      : refused(refusals.promotedBehindUs(facts, current));
  }
  if (recordIsHere(facts))
    return readOnlyFailover
      ? planOf(facts, standalone, "kept", { notices: [writerByName(facts, current)] })
      : returnFrom(facts, current);
  if (last.recordRegion === undefined) return refused(refusals.unknownStandalone(facts, current));
  if (readOnlyFailover) return refused(refusals.readOnlyOfStandalone(facts, current));
  // The flag is off and this update knows it: from here on, the database is as stale as one that somebody else promoted.
  const unasked = { ...standalone, promotionRequested: false };
  return planOf(facts, unasked, "kept", { notices: [noStandby(facts, current)] });
}

/**
 * The tag of a promotion is taken off by the next update that does not want it. Off an adopted database nothing is taken: that such an
 * update came in between is known by its outputs.
 */
const isOurPromotion = ({ last }: RecoveryFacts, database: ObservedDatabase): boolean =>
  database.promotionRequested && !(database.adopted && last.databaseMode === "standalone");

/** The flag is off and the CNAME names a writer. It leaves it for a database that has all of its writes, and once it takes no more. */
function returnFrom(facts: RecoveryFacts, writer: ObservedDatabase): Decision<RecoveryPlan> {
  if (!facts.fenced) return refused(refusals.moveAwayFromWriter(facts, writer));
  const target = decideReturn(writer, facts.primaryObserved?.databases ?? []);
  // Taken back with the move: from then on, a failover onto it is as wrong as onto one that somebody else promoted.
  const fencedWriter = { ...standbyAsItIs(writer, false), promotionRequested: false };
  switch (target.kind) {
    case "none":
      return refused(refusals.nothingToReturnTo(facts, writer, target.identifier));
    case "replicating": {
      const notices = [waitingForReturn(facts, writer, target.identifier)];
      return planOf(facts, standbyAsItIs(writer, false), "kept", { notices });
    }
    case "ready":
      return planOf(facts, fencedWriter, "return", { returnsTo: target.identifier });
  }
}

function withoutDatabase(facts: RecoveryFacts): Decision<RecoveryPlan> {
  const { failover, readOnlyFailover, last, service } = facts;
  const key = failover ? "failover" : readOnlyFailover ? "readOnlyFailover" : undefined;
  if (key !== undefined) return refused(refusals.withoutReplica(facts, key));
  // A replica that was named for reading never took a write; a writer did, and the primary Region's database may lack them.
  if (recordIsHere(facts) && last.databaseMode !== "replica")
    return refused(refusals.lostWriter(facts));
  const generation = last.database === undefined ? 1 : (generationOf(service, last.database) ?? 1);
  const notices = last.database === undefined ? [] : [lostReplica(facts, last.database)];
  return planOf(facts, newReplica(generation), "primary", { notices });
}

const noStandby = (
  { stack, primaryStack, region }: RecoveryFacts,
  { identifier }: ObservedDatabase,
): Notice => ({
  message: `the database ${identifier} in ${region} is no longer a replica. The CNAME stays where it is, and nothing can take over from the primary Region: do not count on a failover of ${stack}`,
  next: `pulumi config set replicateFrom <arn in: pulumi stack output database -s ${primaryStack}> -s ${stack} && pulumi up -s ${stack}`,
});

const waitingForReturn = (
  { stack, primaryStack }: RecoveryFacts,
  { identifier }: ObservedDatabase,
  target: string,
): Notice => ({
  message: `${identifier} refuses writes from now on, and the CNAME stays on it until ${target} of the primary Region, its replica, is promoted: nobody can write meanwhile`,
  next: `when ${target} has caught up: aws rds promote-read-replica --db-instance-identifier ${target} --backup-retention-period <days, as in Pulumi.${primaryStack}.yaml> --region <primary Region>, then pulumi up -s ${stack}; to stay here instead: pulumi config set fenced false -s ${stack} && pulumi config set failover true -s ${stack} && pulumi up -s ${stack}`,
});

const writerByName = ({ stack }: RecoveryFacts, { identifier }: ObservedDatabase): Notice => ({
  message: `the CNAME stays on ${identifier}, which is no longer a replica: it takes writes, and the flag says that it does not`,
  next: `pulumi config set failover true -s ${stack} && pulumi config set readOnlyFailover false -s ${stack} && pulumi up -s ${stack}`,
});

const lostReplica = ({ stack, region, service }: RecoveryFacts, identifier: string): Notice => ({
  message: wasAdopted(service, identifier)
    ? `database.existing no longer names ${identifier}: a replica of this stack's own takes its place`
    : `the replica ${identifier} in ${region} no longer exists: nothing can take over from the primary Region until it is made again`,
  next: wasAdopted(service, identifier)
    ? `to go on with it instead: pulumi config set --path database.existing.identifier ${identifier} -s ${stack}`
    : `pulumi up --refresh -s ${stack}`,
});
