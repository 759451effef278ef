import { writeFile } from "node:fs/promises";
import { bySeverity } from "./assess.ts";
import type { Finding } from "./finding.ts";
import { finding } from "./findings.ts";
import { startHearing } from "./hearing.ts";
import type { Observation } from "./observation.ts";
import { observationDeadlineSeconds } from "./observe.ts";
import { pictureOf } from "./picture.ts";
import { breakGlassPage } from "./preflight/break-glass.ts";
import type { Check, PreflightFacts } from "./preflight/check.ts";
import { databaseChecks } from "./preflight/database-checks.ts";
import { type ExpectedLoss, expectedLoss } from "./preflight/expected-loss.ts";
import { functionChecks } from "./preflight/function-checks.ts";
import { programChecks } from "./preflight/program-checks.ts";
import { recordChecks } from "./preflight/record-checks.ts";
import { replicationChecks } from "./preflight/replication-checks.ts";
import { secretChecks } from "./preflight/secret-checks.ts";
import { lookAtAws, lookAtMachine } from "./preflight/surroundings.ts";
import { switchChecks } from "./preflight/switch-checks.ts";
import { absent } from "./recovery-bucket.ts";
import { problemOf } from "./seen.ts";
import type { Session } from "./session.ts";

/** One line of the preflight. */
export interface CheckLine {
  readonly id: string;
  readonly title: string;
  readonly result: "pass" | "fail" | "skipped";
  /** A failover would be refused, or would not bring the application back, when it fails. */
  readonly decisive: boolean;
  /** What was seen; for a skipped check why nothing was; for a failed one the finding's message. */
  readonly detail: string;
}

/** `go`: everything passed. `refused`: a decisive check failed. `go-with-findings`: a failover would work, and something is wrong. */
export type PreflightVerdict = "go" | "go-with-findings" | "refused";

/** What `standby preflight --json` prints. */
export interface PreflightReport {
  readonly schema: "standby.preflight/1";
  readonly observedAt: string;
  readonly service: string;
  readonly recoveryRegion: string;
  readonly verdict: PreflightVerdict;
  readonly checks: readonly CheckLine[];
  readonly expectedLoss: ExpectedLoss;
  readonly findings: readonly Finding[];
  readonly breakGlass: {
    readonly file: string | null;
    /** Where it is kept besides: it must be readable when this machine is not there. */
    readonly object: string | null;
  };
}

export const allChecks: readonly Check[] = [
  ...replicationChecks,
  ...databaseChecks,
  ...secretChecks,
  ...recordChecks,
  ...switchChecks,
  ...functionChecks,
  ...programChecks,
];

export interface PreflightOptions {
  readonly signal: AbortSignal;
  /** Default: 60. Undefined: no preview is run; all the rest takes a few seconds. */
  readonly previewSeconds: number | undefined;
  /** Where the break-glass page is written; undefined: nowhere. */
  readonly breakGlassFile: string | undefined;
}

const breakGlassKey = "break-glass.md";

/** What the preflight found, before any page is written. */
export interface Examination {
  readonly observation: Observation;
  readonly lines: readonly CheckLine[];
  readonly findings: readonly Finding[];
  readonly verdict: PreflightVerdict;
  readonly expectedLoss: ExpectedLoss;
  /** The break-glass page. */
  readonly page: string;
  /** Seconds that the recovery stack's preview took; undefined when none ended. */
  readonly previewTook: number | undefined;
}

/** Looks and judges; changes nothing at all. An observation that was made just now need not be made again. */
export async function examine(
  session: Session,
  { signal, previewSeconds }: Pick<PreflightOptions, "signal" | "previewSeconds">,
  seenBefore?: Observation,
): Promise<Examination> {
  const hearing = startHearing(signal, observationDeadlineSeconds);
  const [observation, aws] = await Promise.all([
    seenBefore ?? session.observe(signal, { hearing }),
    lookAtAws(session, hearing),
  ]);
  const primaryIsReachable = observation.regions.primary.reachable;
  const { previewTook, ...machine } = await lookAtMachine(session, {
    signal,
    previewSeconds,
    primaryIsReachable,
  });
  const surroundings = { ...aws, ...machine, at: new Date() };
  const { deployment } = observation;
  const facts: PreflightFacts = { observation, surroundings, picture: pictureOf(observation) };
  const { lines, findings } = judge(allChecks, facts);
  return {
    observation,
    lines,
    findings,
    verdict: verdictOf(lines, findings),
    expectedLoss: expectedLoss(facts.picture, deployment, surroundings.at),
    page: breakGlassPage({
      deployment,
      backupRetentionDays: replicaRetention(facts),
      writtenAt: surroundings.at,
    }),
    previewTook,
  };
}

/** Would a failover work now, and what would it lose. Changes nothing of the pair but the stored page. */
export async function preflight(
  session: Session,
  options: PreflightOptions,
): Promise<PreflightReport> {
  const { signal, breakGlassFile } = options;
  const { observation, lines, findings, expectedLoss, page } = await examine(session, options);
  const { deployment, observedAt } = observation;
  if (breakGlassFile !== undefined) await writeFile(breakGlassFile, page);
  const stored = await store(session, page, signal);
  const all = [
    ...findings,
    ...("why" in stored ? [finding("break-glass-not-stored", deployment, stored)] : []),
  ];
  return {
    schema: "standby.preflight/1",
    observedAt,
    service: deployment.service,
    recoveryRegion: deployment.recoveryRegion,
    verdict: verdictOf(lines, all),
    checks: lines,
    expectedLoss,
    findings: bySeverity(all),
    breakGlass: { file: breakGlassFile ?? null, object: "object" in stored ? stored.object : null },
  };
}

/** Pure: the same facts give the same lines. */
export function judge(
  checks: readonly Check[],
  facts: PreflightFacts,
): { readonly lines: readonly CheckLine[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const lines = checks.map(({ id, title, decisive, judge: judgeOne }): CheckLine => {
    const outcome = judgeOne(facts);
    if (outcome.result === "fail") findings.push(outcome.finding);
    const detail =
      outcome.result === "pass"
        ? outcome.detail
        : outcome.result === "skipped"
          ? outcome.reason
          : outcome.finding.message;
    return { id, title, decisive, result: outcome.result, detail };
  });
  return { lines, findings };
}

export function verdictOf(
  lines: readonly CheckLine[],
  findings: readonly Finding[],
): PreflightVerdict {
  if (lines.some(({ decisive, result }) => decisive && result === "fail")) return "refused";
  return findings.length > 0 ? "go-with-findings" : "go";
}

const replicaRetention = ({ picture, observation }: PreflightFacts): number =>
  picture.current.find(({ region }) => region === observation.regions.recovery.region)
    ?.backupRetentionDays ?? 7;

type Stored = { readonly object: string } | { readonly why: string };

async function store(
  { store, deployment }: Session,
  page: string,
  signal: AbortSignal,
): Promise<Stored> {
  const bucket = deployment.recovery.recoveryBucket;
  if (!store || bucket === undefined) return { why: "the recovery stack has no bucket yet" };
  try {
    const before = await store.read(breakGlassKey, signal);
    await store.write(breakGlassKey, page, before?.version ?? absent, signal);
    return { object: `s3://${bucket}/${breakGlassKey}` };
  } catch (error) {
    signal.throwIfAborted();
    return { why: problemOf("S3", error).message };
  }
}
