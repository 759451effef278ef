import type { LiveDatabase } from "./actions.ts";
import { proveUpdatable } from "./engine-free.ts";
import { moveAllows } from "./engine-gate.ts";
import { RefusedError } from "./errors.ts";
import { passGateOfSameProgram } from "./gate-ahead.ts";
import { insideOf } from "./inside.ts";
import { databaseNamed, type MoveContext } from "./move.ts";
import { nameSteps } from "./name-steps.ts";
import { refuseOtherProgram } from "./program-change.ts";
import { namesThePair } from "./record-place.ts";
import { commitLine, type MoveReport, type MoveRun, type Planned, runMove } from "./run-move.ts";
import { type PlannedStep, planSteps } from "./run-steps.ts";
import { recoverySide } from "./side.ts";
import type { Step } from "./step.ts";
import { catchUpStep } from "./steps/catch-up.ts";
import { fenceStep, unfence } from "./steps/fence.ts";
import { promoteStep } from "./steps/promote.ts";
import { isSwitched } from "./steps/publish-name.ts";
import { setFlagsStep } from "./steps/set-flags.ts";
import { expectNoChangesStep, type InLine, updateStackStep } from "./steps/update-stack.ts";
import { switchFlags } from "./switch-flags.ts";
import { lookAtSwitch, type Switch } from "./switch-picture.ts";

/**
 * Moves the writes to the other Region, in either direction, with both healthy and without losing one: the source refuses writes
 * before the target is promoted, and the target is promoted when it has every transaction. Before the promotion everything is taken
 * back when a step fails; after it, the same call goes on.
 *
 * @throws RefusedError before anything is changed.
 */
export const switchover = (context: MoveContext, run: MoveRun): Promise<MoveReport> =>
  runMove("switchover", context, run, async (signal, resumes) => {
    const change = await lookAtSwitch(context, signal, resumes);
    const passedGate = await takeBackOnRefusal(change, context, run, async () => {
      await refuse(change, context, signal);
      const { stack } = recoverySide(context.deployment);
      const flags = switchFlags(change, context)[stack] ?? {};
      const [passed] = await Promise.all([
        passGateOfSameProgram(context, stack, flags, moveAllows, signal),
        proveUpdatable(context, stack, run.conversation.say, signal),
      ]);
      if (change.begun) return passed;
      for (const line of statementOf(change, context)) run.conversation.say(line);
      await run.conversation.confirmRegion(change.to.region, signal);
      return passed;
    });
    return plan(change, context, run, passedGate);
  });

export async function planSwitchover(
  context: MoveContext,
  run: Pick<MoveRun, "conversation">,
  signal: AbortSignal,
): Promise<{
  readonly statement: readonly string[];
  readonly steps: readonly PlannedStep[];
}> {
  const [change] = await Promise.all([
    lookAtSwitch(context, signal, false),
    refuseOtherProgram(context, signal),
  ]);
  await refuse(change, context, signal);
  return {
    statement: statementOf(change, context),
    steps: planSteps(plan(change, context, run, false).steps, context),
  };
}

const statementOf = ({ from, to, source, target }: Switch, { deployment }: MoveContext) => [
  `${deployment.service}: switch over from ${from.region} to ${to.region}, from ${source.identifier} to ${target.identifier}.`,
  "Writes are refused from the fence until the name has moved; none is lost.",
];

async function refuse(change: Switch, context: MoveContext, signal: AbortSignal): Promise<void> {
  const { source, target, to } = change;
  // What is left can only be gone on with.
  if (change.begun) return;
  refuseRecord(change, context);
  if (target.status !== "available")
    throw new RefusedError(
      `${target.identifier} in ${to.region} is ${target.status}: RDS would not promote it now, and nobody could write until it does.`,
      [],
      ["standby status --watch"],
    );
  if (target.backupRetentionDays < 1)
    throw new RefusedError(
      `${target.identifier} in ${to.region} has no automated backups: nothing could replicate from it afterwards.`,
      [],
      [`pulumi up -s ${to.stack}`],
    );
  const { replication } = await insideOf(target, context, signal);
  const lag = replication?.lagSeconds ?? null;
  if (!replication?.receiving || !replication.applying || lag === null)
    throw new RefusedError(
      `${target.identifier} in ${to.region} does not replicate from ${source.identifier}: it would never have its last writes.`,
      [],
      ["standby status", "standby rebuild"],
    );
  const { maximumLagSeconds } = context.deployment.recoveryPoint;
  if (lag > maximumLagSeconds)
    throw new RefusedError(
      `${target.identifier} in ${to.region} is ${lag} s behind, more than ${maximumLagSeconds} s: nobody could write for that long.`,
      [],
      ["standby status --watch"],
    );
  await refuseSecret(context, signal);
}

function refuseRecord({ record }: Switch, { deployment }: MoveContext): void {
  if (isSwitched(deployment)) return;
  const name = deployment.databaseHostName;
  if (!record)
    throw new RefusedError(
      `Route 53's control plane did not show ${name}: nobody could write until it can be moved.`,
      [],
      ["standby status --watch"],
    );
  if (namesThePair(record, deployment)) return;
  throw new RefusedError(
    `${name} leads to ${record.value}, which is no database of ${deployment.service}.`,
    [],
    ["standby status"],
  );
}

async function refuseSecret(
  { actions, deployment }: MoveContext,
  signal: AbortSignal,
): Promise<void> {
  const { primaryRegion, recoveryRegion } = deployment;
  const [primary, copy] = await Promise.all([
    actions.secret(primaryRegion, signal),
    actions.secret(recoveryRegion, signal),
  ]);
  if (primary?.versionId !== undefined && primary.versionId === copy?.versionId) return;
  throw new RefusedError(
    `The copies of the secret in ${primaryRegion} and ${recoveryRegion} are not the same version: the application could be locked out.`,
    [],
    ["standby status", "standby rebuild"],
  );
}

/** An earlier run that was killed may have left the source fenced: a move that is not made leaves nobody unable to write. */
async function takeBackOnRefusal<Result>(
  { source, target, wasFenced, begun }: Switch,
  context: MoveContext,
  { conversation }: MoveRun,
  decide: () => Promise<Result>,
): Promise<Result> {
  try {
    return await decide();
  } catch (error) {
    if (wasFenced && !begun && !(await hasBegun(target, context))) {
      await unfence(source, context, freshSignal(context));
      conversation.say(`${source.identifier} in ${source.region} takes writes again.`);
    }
    throw error;
  }
}

/**
 * Whether RDS promotes the target, asked before a fence is taken off. RDS may have accepted a promotion and not show it for a moment:
 * one that was tagged is watched for a while.
 */
async function hasBegun(target: LiveDatabase, context: MoveContext): Promise<boolean> {
  const signal = freshSignal(context);
  const end = context.clock.now() + watchSeconds * 1000;
  for (;;) {
    const now = await databaseNamed(context, target, signal);
    if (now.sourceArn === undefined || now.status !== "available") return true;
    if (!now.promotionRequested || context.clock.now() >= end) return false;
    await context.clock.sleep(context.deadlines.poll * 1000, signal);
  }
}

const watchSeconds = 15;

const freshSignal = ({ deadlines }: MoveContext): AbortSignal =>
  AbortSignal.timeout((deadlines.fence + 10) * 1000);

function plan(
  change: Switch,
  context: MoveContext,
  { conversation }: Pick<MoveRun, "conversation">,
  passedGate: boolean,
): Planned {
  const { from, to, source, target, record } = change;
  const { deployment, deadlines } = context;
  const recovery = recoverySide(deployment);
  const other = recovery.stack === to.stack ? from : to;
  const facts: Record<string, unknown> = {};
  const measured = pauseIn(facts, context);
  const inLine: InLine = new Set();
  return {
    steps: [
      ...(change.begun
        ? []
        : untilPromotion(measured(fenceStep(source)), source, target, deadlines.catchUp)),
      promoteStep(target),
      setFlagsStep(switchFlags(change, context)),
      ...nameSteps(context, {
        command: "standby switchover",
        side: to,
        to: target,
        seen: record,
        passedGate,
        outputsSay: ({ recordRegion }) => recordRegion === to.region,
      }).map(measured),
      updateStackStep({
        id: "settle-other",
        title: `Bring ${other.stack} in line`,
        stack: other.stack,
        allowed: moveAllows,
        beside: recovery.stack,
        inLine,
      }),
      expectNoChangesStep([recovery.stack, other.stack], inLine),
    ],
    facts,
    activeRegion: to.region,
    next: [
      commitLine(`Switch over to ${to.region}`, [recovery.stack, other.stack]),
      `standby rebuild   (until then nothing can take over from ${to.region})`,
    ],
    rollBack: async () => {
      if (await hasBegun(target, context)) {
        conversation.say("The promotion has begun: the same command goes on from here.");
        return;
      }
      await unfence(source, context, freshSignal(context));
      conversation.say(
        `Taken back: ${source.identifier} in ${from.region} takes writes again, nothing was moved.`,
      );
    },
  };
}

const untilPromotion = (
  fence: Step<MoveContext>,
  source: LiveDatabase,
  target: LiveDatabase,
  deadlineSeconds: number,
): readonly Step<MoveContext>[] => [
  fence,
  catchUpStep(async (context, signal) => databaseNamed(context, target, signal), source, {
    id: "catch-up",
    deadlineSeconds,
  }),
];

/** Measures from the fence's first call to the application's first write: what an application can have seen of it is less. */
function pauseIn(facts: Record<string, unknown>, { clock }: MoveContext) {
  let startedAt: number | undefined;
  return (step: Step<MoveContext>): Step<MoveContext> => ({
    ...step,
    async run(context, report, signal) {
      if (step.id === "fence-source") startedAt = clock.now();
      await step.run(context, report, signal);
      if (step.id === "verify" && startedAt !== undefined)
        facts["writePauseSeconds"] = (clock.now() - startedAt) / 1000;
    },
  });
}
