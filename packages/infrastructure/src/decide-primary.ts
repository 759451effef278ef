import { databaseIdentifier } from "@standby/topology";
import { adoptedReplicaRefusals, adoptionRefusals, wasAdopted } from "./adoption.ts";
import { type Decision, type Notice, refused, strangerRefusals } from "./decide.ts";
import { decideSuccession } from "./decide-succession.ts";
import { decideWrites } from "./decide-writes.ts";
import { asItIs, type Generations, type PlannedDatabase, wasCreated } from "./generations.ts";
import type { Observation, ObservedDatabase } from "./observe.ts";
import type { Refusal } from "./refusal.ts";

export interface PrimaryPlan {
  readonly databases: Generations;
  /** Nothing of the service exists yet: the secret's first value is written, and the database is created with its password. */
  readonly firstDeployment: boolean;
  readonly fenced: boolean;
  /** The source of a next generation that is to be built. */
  readonly replicatesFrom?: string;
  readonly notices: readonly Notice[];
}

export interface PrimaryFacts {
  readonly stack: string;
  readonly service: string;
  readonly region: string;
  readonly fenced: boolean;
  readonly replicateFrom: string | undefined;
  /** What the first database is made with; undefined when there is one to adopt. */
  readonly configured: { readonly username: string; readonly databaseName: string } | undefined;
  /** `database.existing.identifier`. */
  readonly adopts: string | undefined;
  readonly observed: Observation;
  /** A database that existed once: from this stack's last outputs, or from the copy of them that the recovery stack keeps. */
  readonly lastDatabase: string | undefined;
  /** This stack's last update fenced its database. */
  readonly lastFenced: boolean;
  /** From the recovery stack's last outputs: the Region that the CNAME named. */
  readonly recordRegion: string | undefined;
  /** From the same outputs: the recovery Region's database when it is no replica any more. */
  readonly recoveryWriterArn: string | undefined;
}

/** What the primary stack declares. It promotes nothing: a promotion in its Region is observed. */
export function decidePrimary(facts: PrimaryFacts): Decision<PrimaryPlan> {
  const { replicateFrom, observed } = facts;
  const [first] = [
    ...strangerRefusals(observed.strangers, facts),
    ...adoptionRefusals(facts),
    ...adoptedReplicaRefusals(facts),
  ];
  if (first) return refused(first);
  const { next, refusal } = decideSuccession({
    ...facts,
    databases: observed.databases,
    active: facts.recordRegion === facts.region,
  });
  if (refusal) return refused(refusal);
  const current = observed.databases.at(-1);
  const changed = current && changedAtBirth(facts, current);
  if (changed) return refused(changed);
  const latest = next ?? (current && asItIs(current, false));
  if (!latest) return decideFirst(facts);
  return planOf(
    facts,
    latest,
    next && replicateFrom !== undefined ? { replicatesFrom: replicateFrom } : {},
  );
}

/** The Region's database as planned, after every older generation as it is. */
function planOf(
  facts: PrimaryFacts,
  latest: PlannedDatabase,
  more: Pick<PrimaryPlan, "replicatesFrom">,
): Decision<PrimaryPlan> {
  const { observed, fenced, service, region, recordRegion, recoveryWriterArn } = facts;
  const current = observed.databases.find(({ generation }) => generation === latest.generation);
  const { writes, notice, refusal } = decideWrites({
    ...facts,
    identifier: current?.identifier ?? databaseIdentifier(service, latest.generation),
    database: latest,
    // A replica that the CNAME names for reading takes no writes: this Region's database still does.
    isWrittenElsewhere: recordRegion !== region && recoveryWriterArn !== undefined,
    isRebuilt: recoveryWriterArn !== undefined && current?.origin === recoveryWriterArn,
  });
  if (refusal) return refused(refusal);
  const older = observed.databases
    .filter(({ generation }) => generation < latest.generation)
    .map((database) => asItIs(database, true));
  return {
    plan: {
      databases: [...older, { ...latest, writes }],
      firstDeployment: false,
      fenced,
      notices: notice ? [notice] : [],
      ...more,
    },
  };
}

/** The one place where an empty database may come to be: nothing of this service exists, and nothing ever did. */
function decideFirst(facts: PrimaryFacts): Decision<PrimaryPlan> {
  if (wasAdopted(facts.service, facts.lastDatabase)) return refused(noLongerAdopted(facts));
  if (facts.lastDatabase !== undefined) return refused(lostDatabase(facts));
  if (facts.fenced)
    return refused({
      key: "standby:fenced",
      reason: "asks for a first database that refuses every write",
      next: `pulumi config set fenced false -s ${facts.stack}`,
    });
  const database: PlannedDatabase = {
    generation: 1,
    birth: { kind: "created" },
    retired: false,
    promotionRequested: false,
    writes: "taken",
  };
  return { plan: { databases: [database], firstDeployment: true, fenced: false, notices: [] } };
}

const noLongerAdopted = ({ stack, lastDatabase }: PrimaryFacts): Refusal => ({
  key: "standby:database",
  reason: `no longer names ${lastDatabase}, which this stack adopted; an empty database would take its place`,
  next: `pulumi config set --path database.existing.identifier ${lastDatabase} -s ${stack}`,
});

const lostDatabase = ({ stack, lastDatabase, region }: PrimaryFacts): Refusal => ({
  key: "standby:service",
  reason: `the database ${lastDatabase} of this stack no longer exists; an empty one would take its place in silence`,
  next: `restore it from its last snapshot under its own name, with the tag standby:service, then pulumi up -s ${stack}; the snapshots: aws rds describe-db-snapshots --region ${region}`,
});

/** RDS sets these at birth: a change replaces the database, and its data with it. A replica has its source's, whatever is configured. */
function changedAtBirth(
  { stack, configured }: PrimaryFacts,
  database: ObservedDatabase,
): Refusal | undefined {
  if (!configured || !wasCreated(database)) return undefined;
  const { username, databaseName } = database;
  const field =
    configured.username !== username
      ? "username"
      : configured.databaseName !== databaseName
        ? "databaseName"
        : undefined;
  return field === undefined
    ? undefined
    : {
        key: `standby:database.${field}`,
        reason:
          "differs from the database that exists, and a change would replace it with an empty one",
        next: `edit Pulumi.${stack}.yaml back, then pulumi preview -s ${stack}`,
      };
}
