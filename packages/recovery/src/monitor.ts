import type { DeployedPair, WatchedFinding } from "@standby/topology";
import { assess, bySeverity } from "./assess.ts";
import { systemClock } from "./clock.ts";
import type { Finding, Verdict } from "./finding.ts";
import { finding } from "./findings.ts";
import { type Hearing, startHearing } from "./hearing.ts";
import { currentOperation } from "./lock.ts";
import type { Deployment, Observation } from "./observation.ts";
import { observationDeadlineSeconds, observe } from "./observe.ts";
import { type Picture, pictureOf } from "./picture.ts";
import { databaseChecks } from "./preflight/database-checks.ts";
import { functionChecks } from "./preflight/function-checks.ts";
import { recordChecks } from "./preflight/record-checks.ts";
import { replicationChecks } from "./preflight/replication-checks.ts";
import { secretChecks } from "./preflight/secret-checks.ts";
import { lookAtAws, withoutMachine } from "./preflight/surroundings.ts";
import { type CheckLine, judge, type PreflightVerdict, verdictOf } from "./preflight.ts";
import type { ObjectStore } from "./recovery-bucket.ts";
import type { AwsClients } from "./region-clients.ts";
import { NothingToSee } from "./seen.ts";

/*
 * What a schedule can look at: AWS, and the databases by their probes. It has no stack file, no engine and no checkout, so that it goes
 * by what it sees: a flag that it was told of would be yesterday's in the hour in which it counts.
 */

export interface MonitoredPair {
  readonly deployment: DeployedPair;
  readonly clients: AwsClients;
  /** The lock; undefined while there is no recovery bucket. */
  readonly store: ObjectStore | undefined;
}

/** What the monitor saw in one look. */
export interface MonitorReport {
  readonly schema: "standby.monitor/1";
  readonly observedAt: string;
  readonly service: string;
  readonly verdict: Verdict;
  readonly activeRegion: string | null;
  /** Null: there is no replica, or nobody knows. */
  readonly lagSeconds: number | null;
  readonly findings: readonly Finding[];
}

/** What the scheduled preflight saw: the checks that need no operator's machine. */
export interface ScheduledPreflight {
  readonly schema: "standby.scheduled-preflight/1";
  readonly observedAt: string;
  readonly service: string;
  readonly verdict: PreflightVerdict;
  readonly checks: readonly CheckLine[];
  readonly findings: readonly Finding[];
}

const observed = async (
  { deployment, clients, store }: MonitoredPair,
  signal: AbortSignal,
  hearing?: Hearing,
): Promise<Observation> =>
  asFlagged(
    await observe({
      deployment: { ...deployment, flags: noFlags },
      clients,
      signal,
      ...(hearing && { hearing }),
      async readOperation(both) {
        if (!store) throw new NothingToSee("the recovery stack has no recovery bucket yet");
        return await currentOperation({ store, clock: systemClock }, both);
      },
    }),
  );

const noFlags: Deployment["flags"] = {
  failover: false,
  readOnlyFailover: false,
  fenced: { primary: false, recovery: false },
  replicateFrom: { primary: undefined, recovery: undefined },
  acceptDataLoss: undefined,
};

/** With the flags that what was seen follows from: the name leads to the recovery Region only when somebody asked for it. */
function asFlagged(observation: Observation): Observation {
  const { deployment } = observation;
  const { named } = pictureOf(observation);
  const there = named?.region === deployment.recoveryRegion ? named.mode : undefined;
  const flags = {
    ...deployment.flags,
    failover: there !== undefined && there !== "replica",
    readOnlyFailover: there === "replica",
  };
  return { ...observation, deployment: { ...deployment, flags } };
}

/** Looks at the pair once. It throws only when it is aborted: what did not answer is a finding. */
export const monitor = async (pair: MonitoredPair, signal: AbortSignal): Promise<MonitorReport> =>
  monitorReport(await observed(pair, signal));

/** What one look means. */
export function monitorReport(observation: Observation): MonitorReport {
  const { verdict, activeRegion, findings } = assess(observation);
  const picture = pictureOf(observation);
  return {
    schema: "standby.monitor/1",
    observedAt: observation.observedAt,
    service: observation.deployment.service,
    verdict,
    activeRegion: activeRegion ?? null,
    lagSeconds: standbyLag(picture),
    findings: bySeverity([...findings, ...lagUnknown(observation, picture)]),
  };
}

const scheduledChecks = [
  ...replicationChecks,
  ...databaseChecks,
  ...secretChecks,
  ...recordChecks,
  ...functionChecks,
];

/** The preflight without what only an operator's machine has: stack files, state, engine, credentials. */
export async function scheduledPreflight(
  pair: MonitoredPair,
  signal: AbortSignal,
): Promise<ScheduledPreflight> {
  const { deployment } = pair;
  const hearing = startHearing(signal, observationDeadlineSeconds);
  const [observation, aws] = await Promise.all([
    observed(pair, signal, hearing),
    lookAtAws({ ...pair, deployment: { ...deployment, flags: noFlags } }, hearing),
  ]);
  const { lines, findings } = judge(scheduledChecks, {
    observation,
    picture: pictureOf(observation),
    surroundings: { ...aws, ...withoutMachine("a schedule has no checkout"), at: new Date() },
  });
  return {
    schema: "standby.scheduled-preflight/1",
    observedAt: observation.observedAt,
    service: deployment.service,
    verdict: verdictOf(lines, findings),
    checks: lines,
    findings: bySeverity(findings),
  };
}

/** The replica that would take over, where there is one. */
const standbyOf = ({ current, writers }: Picture) =>
  current.find(
    (database) =>
      database.mode === "replica" && !writers.some(({ region }) => region === database.region),
  );

function standbyLag(picture: Picture): number | null {
  const standby = standbyOf(picture);
  return standby?.inside.seen ? (standby.inside.value.replication?.lagSeconds ?? null) : null;
}

/** Silence of the replica is no lag of 0. A replication that has stopped is another finding. */
function lagUnknown({ deployment }: Observation, picture: Picture): readonly Finding[] {
  const standby = standbyOf(picture);
  if (!standby || standby.inside.seen) return [];
  const { message: problem } = standby.inside.problem;
  return [finding("lag-unknown", deployment, { ...standby, problem })];
}

/** Every watched finding but the preflight's: 1 while it holds. */
export function signalsOf({
  findings,
  verdict,
}: Pick<MonitorReport, "findings" | "verdict">): Readonly<Record<WatchedLook, 0 | 1>> {
  const holds = (code: WatchedLook) => (findings.some((each) => each.code === code) ? 1 : 0);
  // A switchover has no writer for a while, and says so itself; one that was abandoned is no move any more.
  const isMoving = verdict === "moving";
  return {
    "replication-lag": holds("replication-lag"),
    "lag-unknown": holds("lag-unknown"),
    "not-replicating": holds("not-replicating"),
    "secret-not-in-sync": holds("secret-not-in-sync"),
    "secret-versions-differ": holds("secret-versions-differ"),
    "split-brain": holds("split-brain"),
    "no-writer": isMoving ? 0 : holds("no-writer"),
  };
}

type WatchedLook = Exclude<WatchedFinding, "preflight-red">;
