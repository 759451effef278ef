import { probeFunctionName } from "@standby/topology";
import type { Finding } from "./finding.ts";
import { finding } from "./findings.ts";
import type { Observation, Problem } from "./observation.ts";
import type { Picture, PlacedDatabase } from "./picture.ts";

/** Whether somebody could take over from the writer, and what else is wrong with a database. */
export function assessDatabases(observation: Observation, picture: Picture): readonly Finding[] {
  return [
    ...assessFlag(observation, picture),
    ...assessStandby(observation, picture),
    ...picture.current.flatMap((database) => assessDatabase(observation, database)),
    ...assessProbes(observation, picture),
    ...assessFences(observation, picture),
  ];
}

/** What the flag says against what is there. */
function assessFlag(
  { deployment, operation }: Observation,
  { current, named }: Picture,
): readonly Finding[] {
  const { flags, recoveryRegion } = deployment;
  const here = current.find(({ region }) => region === recoveryRegion);
  const underWay = operation.seen && operation.value !== undefined;
  if (!here || underWay) return [];
  if (flags.failover && here.mode === "replica")
    return [finding("failover-unfinished", deployment, here)];
  if (!flags.failover && here.mode !== "replica" && named?.region === recoveryRegion)
    return [finding("flag-not-set", deployment, here)];
  return [];
}

function assessStandby(observation: Observation, picture: Picture): readonly Finding[] {
  const { deployment, regions } = observation;
  const [writer, ...more] = picture.writers;
  if (!writer || more.length > 0) return [];
  const other = [regions.primary, regions.recovery].find(({ region }) => region !== writer.region);
  const noStandby = (why: string) => [
    finding("no-standby", deployment, { active: writer.region, why }),
  ];
  if (!other) return [];
  if (!other.databases.seen)
    return other.databases.problem.kind === "unreachable"
      ? noStandby(`${other.region} does not answer`)
      : [];
  const standby = picture.current.find(({ region }) => region === other.region);
  if (!standby) return noStandby(`${other.region} has no database`);
  if (standby.mode !== "replica")
    return [
      ...noStandby(`${standby.identifier} in ${other.region} is no replica`),
      ...promotedByNobody(observation, standby, picture),
    ];
  return assessReplica(observation, standby, writer);
}

/** Standalone in the recovery Region although the CNAME never moved there. */
const promotedByNobody = (
  { deployment }: Observation,
  standby: PlacedDatabase,
  { named }: Picture,
): readonly Finding[] =>
  standby.region === deployment.recoveryRegion &&
  named?.region === deployment.primaryRegion &&
  !standby.promotionRequested
    ? [finding("promoted-by-somebody", deployment, standby)]
    : [];

function assessReplica(
  { deployment }: Observation,
  standby: PlacedDatabase,
  writer: PlacedDatabase,
): readonly Finding[] {
  if (standby.sourceArn !== undefined && !namesDatabase(standby.sourceArn, writer))
    return [
      finding("follows-another-source", deployment, { ...standby, source: standby.sourceArn }),
    ];
  if (!standby.inside.seen) return [];
  const { replication } = standby.inside.value;
  const stopped = stoppedBecause(replication);
  if (stopped !== undefined)
    return [finding("not-replicating", deployment, { ...standby, why: stopped })];
  const lagSeconds = replication?.lagSeconds ?? 0;
  const { maximumLagSeconds: objectiveSeconds } = deployment.recoveryPoint;
  return lagSeconds > objectiveSeconds
    ? [
        finding("replication-lag", deployment, {
          ...standby,
          lagSeconds,
          objectiveSeconds,
        }),
      ]
    : [];
}

/** RDS names a source of the same Region by identifier, one of another Region by ARN. */
const namesDatabase = (source: string, { arn, identifier }: PlacedDatabase): boolean =>
  source === arn || source === identifier;

type Replication = Extract<
  PlacedDatabase["inside"],
  { readonly seen: true }
>["value"]["replication"];

/** Why it does not follow; undefined while it does. A lag of null is a replication that does not run, never a lag of 0. */
export function stoppedBecause(replication: Replication): string | undefined {
  if (!replication) return "it replicates from nowhere";
  const errno = replication.lastErrno ? ` (MySQL error ${replication.lastErrno})` : "";
  if (!replication.receiving) return `it does not receive from its source${errno}`;
  if (!replication.applying) return `it does not apply what it received${errno}`;
  return replication.lagSeconds === null ? "its lag is not known" : undefined;
}

const working = ["available", "backing-up", "storage-optimization"];

function assessDatabase({ deployment }: Observation, database: PlacedDatabase): readonly Finding[] {
  const findings: Finding[] = [];
  if (!working.includes(database.status))
    findings.push(finding("database-not-available", deployment, database));
  const { inside } = database;
  if (inside.seen) {
    if (database.writable && inside.value.disabledEvents.length > 0)
      findings.push(
        finding("events-disabled", deployment, {
          ...database,
          events: inside.value.disabledEvents.map(({ schema, name }) => `${schema}.${name}`),
        }),
      );
    return findings;
  }
  if (inside.problem.failure?.code === "access-denied")
    return [...findings, finding("password-refused", deployment, database)];
  if (inside.problem.kind === "skipped" || isMissing(inside.problem)) return findings;
  return [
    ...findings,
    finding("database-unreachable", deployment, { ...database, problem: inside.problem.message }),
  ];
}

/** Lambda's name for a function that is not there. */
const isMissing = ({ errorName }: Problem): boolean => errorName === "ResourceNotFoundException";

/** One finding a Region, however many databases it has. */
const assessProbes = ({ deployment }: Observation, { databases }: Picture): readonly Finding[] =>
  [deployment.primary, deployment.recovery]
    .filter(({ region }) =>
      databases.some(
        ({ region: place, inside }) =>
          place === region && !inside.seen && isMissing(inside.problem),
      ),
    )
    .map(({ region, probeFunctionName: name }) =>
      finding("function-missing", deployment, {
        functionName: name ?? probeFunctionName(deployment.service),
        region,
      }),
    );

function assessFences({ deployment }: Observation, { databases }: Picture): readonly Finding[] {
  const { fenced } = deployment.flags;
  return databases
    .filter(
      ({ region, writable }) =>
        writable === true &&
        (region === deployment.primaryRegion ? fenced.primary : fenced.recovery),
    )
    .map((database) => finding("fence-not-in-force", deployment, database));
}
