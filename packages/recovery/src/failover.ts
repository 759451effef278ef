import { isAdopted } from "./adopted.ts";
import { proveUpdatable } from "./engine-free.ts";
import { moveAllows } from "./engine-gate.ts";
import { RefusedError } from "./errors.ts";
import { type FailoverEvidence, gatherEvidence } from "./failover-evidence.ts";
import { passGateOfSameProgram } from "./gate-ahead.ts";
import { type AcceptedLoss, lossRefusal, lossText } from "./loss.ts";
import type { MoveContext } from "./move.ts";
import { nameSteps } from "./name-steps.ts";
import { refuseOtherProgram } from "./program-change.ts";
import { namesThePair } from "./record-place.ts";
import { commitLine, type MoveReport, type MoveRun, type Planned, runMove } from "./run-move.ts";
import { type PlannedStep, planSteps } from "./run-steps.ts";
import { primarySide, recoverySide, type Side } from "./side.ts";
import type { Flag } from "./stack-file.ts";
import { fenceIfAnsweringStep } from "./steps/fence-if-answering.ts";
import { promoteStep } from "./steps/promote.ts";
import { isSwitched } from "./steps/publish-name.ts";
import { setFlagsStep } from "./steps/set-flags.ts";

export interface FailoverOptions {
  readonly acceptDataLoss?: AcceptedLoss;
}

/**
 * Moves database access to the recovery Region while the primary one may be dead. States the loss first; nothing of it can be taken
 * back from the promotion on. Killed anywhere, the same call goes on.
 *
 * @throws RefusedError before anything is changed; UnconfirmedError when the database is promoted and its name has not moved.
 */
export const failover = (
  context: MoveContext,
  options: FailoverOptions,
  run: MoveRun,
): Promise<MoveReport> =>
  runMove("failover", context, run, async (signal) => {
    const flags = recoveryFlags(context, options);
    const { stack } = recoverySide(context.deployment);
    // What would stop the update afterwards is found now, while nothing has happened yet.
    const [evidence, passedGate] = await Promise.all([
      gatherEvidence(context, signal),
      passGateOfSameProgram(context, stack, flags, moveAllows, signal),
      proveUpdatable(context, stack, run.conversation.say, signal),
    ]);
    await decide(context, evidence, options, run, signal);
    return plan(context, evidence, options, passedGate);
  });

/** What a failover would do, each step with its line for a shell; it asks what is live and changes nothing. */
export async function planFailover(
  context: MoveContext,
  options: FailoverOptions,
  signal: AbortSignal,
): Promise<{
  readonly statement: readonly string[];
  readonly refusal: string | undefined;
  readonly steps: readonly PlannedStep[];
}> {
  const [evidence] = await Promise.all([
    gatherEvidence(context, signal),
    refuseOtherProgram(context, signal),
  ]);
  return {
    statement: statementOf(context, evidence),
    refusal: refusalOf(context, evidence, options)?.message,
    steps: planSteps(plan(context, evidence, options, false).steps, context),
  };
}

async function decide(
  context: MoveContext,
  evidence: FailoverEvidence,
  options: FailoverOptions,
  { conversation }: MoveRun,
  signal: AbortSignal,
): Promise<void> {
  for (const line of statementOf(context, evidence)) conversation.say(line);
  const refusal = refusalOf(context, evidence, options);
  if (refusal) throw refusal;
  // Nothing that cannot be taken back is left: a run that goes on from another asks nothing again.
  if (evidence.target.sourceArn !== undefined)
    await conversation.confirmRegion(recoverySide(context.deployment).region, signal);
}

function statementOf(
  { deployment }: MoveContext,
  { target, source, loss, warnings }: FailoverEvidence,
): readonly string[] {
  const { primaryRegion, recoveryRegion, service } = deployment;
  return [
    `${service}: fail over from ${primaryRegion} to ${recoveryRegion}, onto ${target.identifier}.`,
    `Data loss: ${lossText(loss)}`,
    source
      ? isAdopted(service, source)
        ? `${source.identifier} in ${primaryRegion} still answers and was adopted: it is not fenced, and may go on taking writes.`
        : `${source.identifier} in ${primaryRegion} still answers: it is fenced first.`
      : `${primaryRegion} does not answer: nothing of it is asked again, and its database is not fenced.`,
    "A promotion cannot be taken back.",
    ...warnings.map((warning) => `Warning: ${warning}`),
  ];
}

function refusalOf(
  { deployment }: MoveContext,
  { target, loss, record }: FailoverEvidence,
  { acceptDataLoss }: FailoverOptions,
): RefusedError | undefined {
  if (record && !namesThePair(record, deployment))
    return new RefusedError(
      `${deployment.databaseHostName} leads to ${record.value}, which is no database of ${deployment.service}: somebody has moved it, and it would not be moved back to them.`,
      [],
      ["standby status", `pulumi up --refresh -s ${deployment.recoveryStack}`],
    );
  const command = "standby failover --accept-data-loss";
  const reason = lossRefusal(loss, acceptDataLoss, deployment.recoveryPoint);
  if (reason !== undefined) return new RefusedError(reason, [], [`${command} <seconds|unknown>`]);
  const isOurs = target.promotionRequested || deployment.recovery.recordRegion === target.region;
  return target.sourceArn === undefined && !isOurs && acceptDataLoss !== "unknown"
    ? new RefusedError(
        `${target.identifier} in ${target.region} was promoted by somebody else, at an unknown time: it lacks every write that ${deployment.primaryRegion} took since.`,
        [],
        [`${command} unknown`, "standby rebuild   (to get a standby again)"],
      )
    : undefined;
}

/** Both files: the recovery stack fails over, the primary one is fenced by its next update. */
function recoveryFlags(
  { deployment }: MoveContext,
  { acceptDataLoss }: FailoverOptions,
  target?: string,
): Readonly<Partial<Record<Flag, string>>> {
  const accepted =
    acceptDataLoss === "unknown" ? (target ?? deployment.recovery.database.identifier) : undefined;
  return {
    failover: "true",
    readOnlyFailover: "false",
    fenced: "false",
    ...(accepted === undefined ? {} : { acceptDataLoss: accepted }),
  };
}

function plan(
  context: MoveContext,
  { target, source, record }: FailoverEvidence,
  options: FailoverOptions,
  passedGate: boolean,
): Planned {
  const primary = primarySide(context.deployment);
  const recovery = recoverySide(context.deployment);
  const sourceIsAdopted = isAdopted(context.deployment.service, primary.outputs.database);
  const wasStandalone = target.sourceArn === undefined && !target.promotionRequested;
  const flags = {
    [recovery.stack]: recoveryFlags(context, wasStandalone ? options : {}, target.identifier),
    ...(sourceIsAdopted ? {} : { [primary.stack]: { fenced: "true" } }),
  };
  return {
    steps: [
      ...(source && !sourceIsAdopted && target.sourceArn !== undefined
        ? [fenceIfAnsweringStep(source, target)]
        : []),
      promoteStep(target),
      setFlagsStep(flags),
      ...nameSteps(context, {
        command: "standby failover",
        side: recovery,
        to: target,
        seen: record,
        passedGate,
        outputsSay: ({ recordRegion, databaseMode }) =>
          recordRegion === recovery.region && databaseMode === "standalone",
      }),
    ],
    facts: {},
    activeRegion: recovery.region,
    next: [
      ...(sourceIsAdopted ? [fenceByHandLine(primary)] : []),
      commitLine(`Fail over to ${recovery.region}`, Object.keys(flags)),
      ...(isSwitched(context.deployment) ? [pinLine(recovery)] : []),
      `standby rebuild   (when ${primary.region} is back: until then nothing can take over from ${recovery.region})`,
    ],
  };
}

/** Until then the metric alone decides: nothing that Route 53's control plane is needed for stands in the way of a failover. */
const pinLine = ({ stack }: Side): string =>
  `pulumi config set pinned true -s ${stack} && pulumi up -s ${stack}   (as soon as Route 53's control plane answers: nothing that anybody publishes leads the name back then)`;

const fenceByHandLine = ({ region, outputs }: Side): string =>
  `${outputs.database.identifier} in ${region} was adopted and is not fenced: stop its writers, or set read_only = 1 in its own parameter group`;
