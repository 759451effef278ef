import { moveAllows } from "./engine-gate.ts";
import { RefusedError } from "./errors.ts";
import { gatherEvidence } from "./failover-evidence.ts";
import { passGateOfSameProgram } from "./gate-ahead.ts";
import type { MoveContext } from "./move.ts";
import { commitLine, type MoveReport, type MoveRun, type Planned, runMove } from "./run-move.ts";
import { type PlannedStep, planSteps } from "./run-steps.ts";
import { recoverySide } from "./side.ts";
import { confirmNameStep } from "./steps/confirm-name.ts";
import { movedByUpdate } from "./steps/publish-name.ts";
import { setFlagsStep } from "./steps/set-flags.ts";
import { updateStackStep } from "./steps/update-stack.ts";

/**
 * Moves the name to the recovery Region's replica and promotes nothing: reads go on there, writes are refused by the database. It can
 * be taken back by the flag.
 *
 * @throws RefusedError when the recovery Region has no replica
 */
export const failoverReadOnly = (context: MoveContext, run: MoveRun): Promise<MoveReport> =>
  runMove("failover", context, run, async (signal) => {
    const { region, stack } = recoverySide(context.deployment);
    const planned = await plan(context, signal);
    await passGateOfSameProgram(context, stack, flags, moveAllows, signal);
    run.conversation.say(
      `${context.deployment.databaseHostName} will lead to the replica in ${region}: reads go on, every write is refused.`,
    );
    await run.conversation.confirmRegion(region, signal);
    return planned;
  });

export const planFailoverReadOnly = async (
  context: MoveContext,
  signal: AbortSignal,
): Promise<readonly PlannedStep[]> => planSteps((await plan(context, signal)).steps, context);

const flags = { readOnlyFailover: "true", failover: "false" } as const;

async function plan(context: MoveContext, signal: AbortSignal): Promise<Planned> {
  const recovery = recoverySide(context.deployment);
  const { target } = await gatherEvidence(context, signal);
  if (target.sourceArn === undefined)
    throw new RefusedError(
      `${target.identifier} in ${recovery.region} is no replica any more: it takes writes, and reads alone cannot move to it.`,
      [],
      ["standby status"],
    );
  return {
    steps: [
      setFlagsStep({ [recovery.stack]: flags }),
      ...movedByUpdate(
        context,
        recovery.region,
        updateStackStep({
          id: "move-name",
          title: `Move ${context.deployment.databaseHostName} to ${recovery.region}`,
          stack: recovery.stack,
          allowed: moveAllows,
          outputsSay: ({ recordRegion }) => recordRegion === recovery.region,
        }),
      ),
      confirmNameStep(recovery, target),
    ],
    facts: { readOnly: true },
    activeRegion: context.deployment.primaryRegion,
    next: [
      commitLine(`Read from ${recovery.region}`, [recovery.stack]),
      `to take it back: pulumi config set readOnlyFailover false -s ${recovery.stack} && pulumi up -s ${recovery.stack}`,
    ],
  };
}
