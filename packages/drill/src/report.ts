import type { Clock, Dials, LossMode } from "@standby/local-cloud";
import type { DnsSwitch } from "@standby/topology";
import type { Move } from "./course.ts";
import { type Evidence, firstStory, type Phase } from "./evidence.ts";
import { acknowledgements } from "./history.ts";
import { callsToLostRegion, countByOperation, route53Calls } from "./invariants/call-checks.ts";
import type { CheckResult } from "./invariants/check.ts";
import { writePauseSeconds } from "./invariants/course-checks.ts";
import { judge } from "./invariants/index.ts";
import { changesOf } from "./invariants/record-checks.ts";
import { type RecoveryTime, recoveryTime, type SimulatedShares } from "./recovery-time.ts";

/**
 * What a drill found, the document of `standby drill --json`. Keys are stable: new ones may come, none changes its meaning.
 * A figure that the drill did not reach is null.
 */
export interface DrillReport {
  readonly schema: "standby.drill/1";
  /** Every check holds and the drill came to its end. */
  readonly ok: boolean;
  readonly summary: string;
  readonly clock: Clock | null;
  /** How the lost Region's endpoints behaved. */
  readonly lossMode: LossMode;
  readonly dnsSwitch: DnsSwitch;
  /** Whether Route 53's control plane was lost with the Region. */
  readonly route53ControlPlane: "up" | "down";
  readonly lostRegion: string;
  /** To the first write acknowledged through the recovery Region. */
  readonly recoveryTimeSeconds: {
    readonly fromLoss: number | null;
    readonly fromFlag: number | null;
  };
  /** Seconds of `fromFlag` that are not AWS's: see `RecoveryTime`. */
  readonly ours: number | null;
  /** Seconds of `fromFlag` that the dials made up. `fromFlag` = `ours` + `simulatedAws`. */
  readonly simulatedAws: number | null;
  readonly simulatedAwsShares: SimulatedShares | null;
  readonly phases: readonly Phase[];
  readonly writes: {
    readonly acknowledged: number;
    readonly acknowledgedByRegion: Readonly<Record<string, number>>;
    /** Ids that some client had an acknowledgement for and that are gone; null when nobody could look. */
    readonly lost: readonly string[] | null;
    /** From the oldest lost acknowledgement to the loss; 0 when none was lost. */
    readonly dataLossSeconds: number | null;
  };
  /** By anybody but the load, Route 53's control plane aside. */
  readonly callsToLostRegion: number;
  readonly callsToLostRegionByOperation: Readonly<Record<string, number>>;
  /** After the loss. Route 53's control plane is in us-east-1: the failover of the record depends on it. */
  readonly route53ControlPlaneCalls: Readonly<Record<string, number>>;
  readonly record: {
    readonly name: string | null;
    readonly before: string | null;
    readonly after: string | null;
    /** The first answer and each that differed from the one before. */
    readonly answers: readonly { readonly at: string; readonly value: string }[];
    readonly questions: number;
  };
  /** What the application in the recovery Region used while the other Region was lost. */
  readonly secret: { readonly arnUsed: string | null; readonly region: string | null };
  /** What came after the first failover; null when the drill ended with it. */
  readonly course: CourseReport | null;
  readonly databaseServer: string | null;
  readonly dials: Dials | null;
  readonly checks: readonly CheckResult[];
  /** Why the drill ended before its end. */
  readonly failure: string | null;
  /** Where the evidence was kept, with `--keep`. */
  readonly evidenceFolder: string | null;
}

/** A whole course, to be read with `writes`, which counts all of it. */
interface CourseReport {
  readonly moves: readonly (Pick<Move, "kind" | "from" | "to"> & {
    readonly startedAt: string;
    /** From the last write that the old database acknowledged to the first of the new one. */
    readonly writePauseSeconds: number | null;
  })[];
  readonly lost: readonly string[];
  readonly dataLossSeconds: number;
}

export function buildReport(evidence: Evidence): DrillReport {
  const checks = judge(evidence);
  const story = firstStory(evidence);
  const time = recoveryTime(story);
  const lost = lostWrites(story);
  const ok = evidence.failure === undefined && checks.every((check) => check.ok);
  const toLostRegion = callsToLostRegion(evidence);
  return {
    schema: "standby.drill/1",
    ok,
    summary: summarize(evidence, checks, time),
    clock: evidence.dials?.clock ?? null,
    lossMode: evidence.lossMode,
    dnsSwitch: evidence.dnsSwitch,
    route53ControlPlane: evidence.route53IsDown ? "down" : "up",
    lostRegion: evidence.primaryRegion,
    recoveryTimeSeconds: {
      fromLoss: time?.fromLossSeconds ?? null,
      fromFlag: time?.fromFlagSeconds ?? null,
    },
    ours: time?.oursSeconds ?? null,
    simulatedAws: time?.simulatedAwsSeconds ?? null,
    simulatedAwsShares: time?.shares ?? null,
    phases: [...evidence.phases],
    writes: { ...writeCounts(evidence), ...lost },
    callsToLostRegion: toLostRegion.length,
    callsToLostRegionByOperation: countByOperation(toLostRegion),
    route53ControlPlaneCalls: countByOperation(route53Calls(evidence)),
    record: record(story),
    course: courseReport(evidence),
    secret: {
      arnUsed: evidence.health?.secret.arn ?? null,
      region: evidence.health?.region ?? null,
    },
    databaseServer: evidence.databaseServer ?? null,
    dials: evidence.dials ?? null,
    checks,
    failure: evidence.failure ?? null,
    evidenceFolder: null,
  };
}

function writeCounts({ attempts, primaryRegion, recoveryRegion }: Evidence) {
  const all = acknowledgements(attempts);
  const through = (region: string) => all.filter((each) => each.region === region).length;
  return {
    acknowledged: all.length,
    acknowledgedByRegion: {
      [primaryRegion]: through(primaryRegion),
      [recoveryRegion]: through(recoveryRegion),
    },
  };
}

function courseReport({ course, attempts }: Evidence): CourseReport | null {
  if (!course) return null;
  return {
    moves: course.moves.map((move) => ({
      kind: move.kind,
      from: move.from,
      to: move.to,
      startedAt: new Date(move.startedAt).toISOString(),
      writePauseSeconds: writePauseSeconds(attempts, move) ?? null,
    })),
    lost: course.missing,
    dataLossSeconds: course.reportedDataLossSeconds,
  };
}

function lostWrites({ attempts, verification, lossAt }: Evidence) {
  if (!verification || lossAt === undefined) return { lost: null, dataLossSeconds: null };
  const missing = new Set(verification.missing);
  const ages = acknowledgements(attempts)
    .filter((each) => missing.has(each.orderId))
    .map((each) => (lossAt - each.endedAt) / 1000);
  return { lost: [...missing], dataLossSeconds: Math.max(0, ...ages) };
}

function record({ answers, outputs }: Evidence): DrillReport["record"] {
  return {
    name: outputs?.recovery.databaseHostName ?? null,
    before: answers[0]?.value ?? null,
    after: answers.at(-1)?.value ?? null,
    answers: changesOf(answers).map(({ at, value }) => ({ at: new Date(at).toISOString(), value })),
    questions: answers.length,
  };
}

function summarize(
  { failure, lossMode, primaryRegion, recoveryRegion }: Evidence,
  checks: readonly CheckResult[],
  time: RecoveryTime | undefined,
): string {
  if (failure !== undefined) return `The drill ended early: ${failure.split("\n")[0]}`;
  const broken = checks.filter((check) => !check.ok).map((check) => check.id);
  if (broken.length > 0)
    return `${broken.length} of ${checks.length} checks failed: ${broken.join(", ")}`;
  const seconds = time?.fromLossSeconds.toFixed(1) ?? "?";
  return `${primaryRegion} was lost (${lossMode}); ${recoveryRegion} took writes again after ${seconds} s; all ${checks.length} checks hold`;
}
