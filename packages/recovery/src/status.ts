import type { Assessment } from "./assess.ts";
import { outOfSync } from "./assess-secrets.ts";
import type { Finding, Verdict } from "./finding.ts";
import type { Observation, Operation, RegionObservation } from "./observation.ts";
import { type PlacedDatabase, pictureOf } from "./picture.ts";

/** What `standby status --json` prints. Something that was not seen is null, and `problems` says why. */
export interface Status {
  readonly schema: "standby.status/1";
  readonly observedAt: string;
  readonly service: string;
  readonly verdict: Verdict;
  readonly activeRegion: string | null;
  readonly failoverFlag: boolean;
  readonly operation: Operation | null;
  readonly regions: Readonly<Record<string, RegionStatus>>;
  readonly record: RecordStatus;
  readonly findings: readonly Finding[];
}

export interface RegionStatus {
  readonly role: "primary" | "recovery";
  readonly reachable: boolean;
  readonly databases: readonly DatabaseStatus[] | null;
  readonly secret: SecretStatus | null;
  /** Why a part is null: one sentence each. */
  readonly problems: readonly string[];
}

export interface DatabaseStatus {
  readonly identifier: string;
  readonly generation: number;
  readonly arn: string;
  readonly address: string | null;
  readonly status: string;
  readonly mode: "source" | "replica" | "standalone";
  /** Null: nobody could tell. */
  readonly writable: boolean | null;
  readonly fenced: boolean;
  /** Null: not a replica, not seen, or a replication that does not run. Never 0 for any of these. */
  readonly replicationLagSeconds: number | null;
}

export interface SecretStatus {
  readonly arn: string;
  /** `primary`, `standalone`, or the state of this copy's replication. */
  readonly status: string;
  readonly versionId: string | null;
  /** The same current version in both Regions; null when only one of them was seen. */
  readonly inSync: boolean | null;
}

export interface RecordStatus {
  readonly name: string;
  readonly target: string | null;
  /** Address of the only database that takes writes. */
  readonly expectedTarget: string | null;
  readonly ttl: number | null;
  /** The record names the writer, and each Region that answers resolves it so; null when that was not seen. */
  readonly consistent: boolean | null;
}

export function statusOf(observation: Observation, assessment: Assessment): Status {
  const { deployment, observedAt, operation, regions } = observation;
  const { databases } = pictureOf(observation);
  return {
    schema: "standby.status/1",
    observedAt,
    service: deployment.service,
    verdict: assessment.verdict,
    activeRegion: assessment.activeRegion ?? null,
    failoverFlag: deployment.flags.failover,
    operation: (operation.seen && operation.value) || null,
    regions: Object.fromEntries(
      [regions.primary, regions.recovery].map((region) => [
        region.region,
        regionStatus(observation, region, databases),
      ]),
    ),
    record: recordStatus(observation),
    findings: assessment.findings,
  };
}

function regionStatus(
  observation: Observation,
  { region, role, reachable, databases, secret }: RegionObservation,
  placed: readonly PlacedDatabase[],
): RegionStatus {
  return {
    role,
    reachable,
    databases: databases.seen
      ? placed.filter((each) => each.region === region).map(databaseStatus)
      : null,
    secret: secretStatus(observation, role),
    problems: [databases, secret].flatMap((part) => (part.seen ? [] : [part.problem.message])),
  };
}

const databaseStatus = (database: PlacedDatabase): DatabaseStatus => ({
  identifier: database.identifier,
  generation: database.generation,
  arn: database.arn,
  address: database.address ?? null,
  status: database.status,
  mode: database.mode,
  writable: database.writable ?? null,
  fenced: database.fenceInSync,
  replicationLagSeconds: database.inside.seen
    ? (database.inside.value.replication?.lagSeconds ?? null)
    : null,
});

function secretStatus({ regions }: Observation, role: "primary" | "recovery"): SecretStatus | null {
  const { secret } = regions[role];
  if (!secret.seen) return null;
  const { arn, versionId, primaryRegion } = secret.value;
  const [primary, recovery] = [regions.primary.secret, regions.recovery.secret];
  const inSync =
    primary.seen && recovery.seen
      ? outOfSync(primary.value, { ...recovery.value, region: regions.recovery.region }) ===
        undefined
      : null;
  const replication = primary.seen
    ? primary.value.replication[regions[role].region]?.status
    : undefined;
  const status =
    primaryRegion !== undefined
      ? (replication ?? "replica")
      : role === "primary"
        ? "primary"
        : "standalone";
  return { arn, status, versionId: versionId ?? null, inSync };
}

function recordStatus(observation: Observation): RecordStatus {
  const { deployment, record, regions } = observation;
  const { writers, recordTarget } = pictureOf(observation);
  const [writer, ...more] = writers;
  const expectedTarget = (more.length === 0 && writer?.address) || null;
  const answers = [regions.primary, regions.recovery].flatMap(({ answer }) =>
    answer.seen ? [answer.value.target] : [],
  );
  const consistent =
    expectedTarget === null || recordTarget === undefined || answers.length === 0
      ? null
      : recordTarget === expectedTarget && answers.every((answer) => answer === expectedTarget);
  return {
    name: deployment.databaseHostName,
    target: recordTarget ?? null,
    expectedTarget,
    ttl: record.seen ? record.value.ttlSeconds : null,
    consistent,
  };
}
