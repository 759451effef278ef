import { moveAllows } from "./engine-gate.ts";
import { RecoveryError, UnconfirmedError } from "./errors.ts";
import type { MoveContext } from "./move.ts";
import { recoverySide, type Side } from "./side.ts";
import type { Step } from "./step.ts";
import { moveNameStep, type NameMove, orUnconfirmed } from "./steps/move-name.ts";
import { isSwitched, movedByUpdate } from "./steps/publish-name.ts";
import { type StackUpdate, updateStackStep } from "./steps/update-stack.ts";
import { verifyStep } from "./steps/verify.ts";

export interface NameSteps extends NameMove {
  /** The Region that takes writes from here on. */
  readonly side: Side;
  readonly passedGate: boolean;
  /** Whether the recovery stack's last update knows of the move already. */
  readonly outputsSay: NonNullable<StackUpdate["outputsSay"]>;
}

/**
 * What follows a promotion: the name, the proof, and the program brought in line with both. Writers wait for the name and not for the
 * engine. A record that a routing policy chooses has no value to move: the update of the stack decides it, and comes first.
 */
export function nameSteps(context: MoveContext, steps: NameSteps): readonly Step<MoveContext>[] {
  const { side, to } = steps;
  const verify = verifyStep(side, to);
  return isSwitched(context.deployment)
    ? [...movedByUpdate(context, side.region, moveByStack(context, steps)), verify]
    : [moveNameStep(context.deployment, steps), verify, settleStep(context, steps)];
}

const updateOf = ({ deployment }: MoveContext, steps: NameSteps) => ({
  stack: recoverySide(deployment).stack,
  allowed: moveAllows,
  passedGate: steps.passedGate,
  outputsSay: steps.outputsSay,
});

function moveByStack(context: MoveContext, steps: NameSteps): Step<MoveContext> {
  const step = updateStackStep({
    ...updateOf(context, steps),
    id: "move-name",
    title: `Move ${context.deployment.databaseHostName} to ${steps.side.region}`,
  });
  return {
    ...step,
    run: (around, report, signal) =>
      orUnconfirmed(steps, around, signal, () => step.run(around, report, signal)),
  };
}

/** Writes go on by now: an update that fails leaves the program behind, and nobody without a database. */
function settleStep(context: MoveContext, steps: NameSteps): Step<MoveContext> {
  const { stack } = recoverySide(context.deployment);
  const step = updateStackStep({
    ...updateOf(context, steps),
    id: "settle-recovery",
    title: `Bring ${stack} in line`,
    refreshesRecord: true,
  });
  return {
    ...step,
    async run(around, report, signal) {
      try {
        await step.run(around, report, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RecoveryError)) throw error;
        throw new UnconfirmedError(
          `Writes go on in ${steps.side.region}; ${stack} does not know of it yet.\n${error.message}`,
          [`${steps.command}   (goes on here)`, ...error.next],
          { cause: error },
        );
      }
    },
  };
}
