import type { StackOutputs } from "@standby/topology";
import { assess } from "./assess.ts";
import { within } from "./call-within.ts";
import type { Conversation } from "./conversation.ts";
import { RefusedError } from "./errors.ts";
import type { Finding, Verdict } from "./finding.ts";
import { type ApplicationRead, readThroughApplication } from "./live-drill/application-read.ts";
import { estimateTime, type TimeEstimate } from "./live-drill/time-estimate.ts";
import type { Seen } from "./observation.ts";
import type { ExpectedLoss } from "./preflight/expected-loss.ts";
import { type CheckLine, examine, type PreflightVerdict } from "./preflight.ts";
import { look, startLook } from "./seen.ts";
import type { Session } from "./session.ts";

/** What `standby drill --live --json` prints: what the drill's report has, as far as it can be known without moving anything. */
export interface LiveDrillReport {
  readonly schema: "standby.live-drill/1";
  /** A failover would not be refused, and the application reads in both Regions. */
  readonly ok: boolean;
  readonly summary: string;
  readonly service: string;
  readonly verdict: Verdict;
  readonly preflight: PreflightVerdict;
  readonly expectedLoss: ExpectedLoss;
  readonly estimate: TimeEstimate;
  readonly phases: readonly LivePhase[];
  readonly checks: readonly LiveCheck[];
  readonly findings: readonly Finding[];
}

export interface LivePhase {
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
}

export interface LiveCheck {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface LiveDrillOptions {
  readonly signal: AbortSignal;
  readonly conversation: Conversation;
}

const previewSeconds = 60;
const readSeconds = 20;

/**
 * A rehearsal on the deployed pair: everything that a failover asks before it acts, and a read through the application in both Regions.
 * Changes nothing, the break-glass page included; asks before it begins.
 *
 * @throws RefusedError when the person says no
 */
export async function liveDrill(
  session: Session,
  { signal, conversation }: LiveDrillOptions,
): Promise<LiveDrillReport> {
  const { deployment } = session;
  const { service, primaryRegion, recoveryRegion } = deployment;
  const question = `Look at ${service} in ${primaryRegion} and ${recoveryRegion}, preview both stacks, and read through its application? Nothing is changed.`;
  if (!(await conversation.confirm(question, signal)))
    throw new RefusedError("Nothing was asked of the deployed pair.", []);
  const phases: LivePhase[] = [];
  const timed = phaseTimer(phases, conversation);
  const observation = await timed("Look at both Regions", () => session.observe(signal));
  const examined = await timed("Preflight, with a preview of both stacks", () =>
    examine(session, { signal, previewSeconds }, observation),
  );
  const reads = await timed("Read through the application in both Regions", () =>
    Promise.all(
      [deployment.primary, deployment.recovery].map((side) => readThrough(session, side, signal)),
    ),
  );
  const status = assess(observation);
  const checks = [...examined.lines.map(checkOf), ...reads];
  const estimate = estimateTime({
    lookSeconds: phases[0]?.seconds ?? 0,
    previewSeconds: examined.previewTook,
    recordTtlSeconds: observation.record.seen
      ? observation.record.value.ttlSeconds
      : deployment.recordTtlSeconds,
  });
  const ok = examined.verdict !== "refused" && reads.every((each) => each.ok);
  return {
    schema: "standby.live-drill/1",
    ok,
    summary: summaryOf(ok, checks, recoveryRegion),
    service,
    verdict: status.verdict,
    preflight: examined.verdict,
    expectedLoss: examined.expectedLoss,
    estimate,
    phases,
    checks,
    findings: examined.findings,
  };
}

type Timer = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

const phaseTimer =
  (phases: LivePhase[], { tell }: Pick<Conversation, "tell">): Timer =>
  async (name, work) => {
    const startedAt = new Date().toISOString();
    const started = performance.now();
    tell({ kind: "begun", id: name, title: name });
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    phases.push({ name, startedAt, seconds });
    tell({ kind: "done", id: name, title: name, seconds });
    return result;
  };

async function readThrough(
  { clients }: Session,
  side: StackOutputs,
  signal: AbortSignal,
): Promise<LiveCheck> {
  const sight = startLook(signal, readSeconds);
  const started = performance.now();
  const read: Seen<ApplicationRead> = await look(
    `the application in ${side.region}`,
    sight,
    (both) => readThroughApplication(clients.in(side.region), side, within(readSeconds, both)),
  );
  const milliseconds = Math.round(performance.now() - started);
  return {
    id: `application-reads-${side.role}`,
    ok: read.seen,
    detail: read.seen
      ? `${read.value.role} ${read.value.target}, by version ${read.value.secretVersionId.slice(0, 8)} of the secret, in ${milliseconds} ms`
      : read.problem.message,
  };
}

const checkOf = ({ id, result, detail }: CheckLine): LiveCheck => ({
  id,
  ok: result !== "fail",
  detail: result === "skipped" ? `skipped: ${detail}` : detail,
});

function summaryOf(ok: boolean, checks: readonly LiveCheck[], region: string): string {
  const broken = checks.filter((check) => !check.ok).map(({ id }) => id);
  const failed =
    broken.length === 0
      ? `all ${checks.length} checks hold`
      : `${broken.length} of ${checks.length} checks failed: ${broken.join(", ")}`;
  return `a failover to ${region} would ${ok ? "work" : "be refused, or leave the application behind"}; ${failed}`;
}
