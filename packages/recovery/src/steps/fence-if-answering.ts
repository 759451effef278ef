import type { LiveDatabase } from "../actions.ts";
import { within } from "../call-within.ts";
import { RecoveryError } from "../errors.ts";
import type { MoveContext } from "../move.ts";
import type { Step } from "../step.ts";
import { fenceStep, isFenced } from "./fence.ts";

/**
 * The fence of a failover: tried while the old source answers, for a few seconds. A Region in trouble may not carry it out, and the
 * failover does not wait for that; the flag in its stack's file fences it when it comes back.
 */
export function fenceIfAnsweringStep(
  source: LiveDatabase,
  target: LiveDatabase,
): Step<MoveContext> {
  const strict = fenceStep(source);
  return {
    ...strict,
    title: `${strict.title}, as it still answers`,
    isDone: async (context, signal) => {
      try {
        return await isFenced(source, context, short(context, signal));
      } catch {
        signal.throwIfAborted();
        return false;
      }
    },
    async run(context, report, signal) {
      const limited = { ...context, deadlines: { ...context.deadlines, fence: fenceSeconds } };
      try {
        await strict.run(limited, report, within(hardSeconds, signal));
        await catchUp(source, target, context, report, signal);
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof RecoveryError ? error.message : "it stopped answering";
        report(
          `${source.identifier} in ${source.region} is not fenced (${reason}): stop its writers when it comes back.`,
        );
      }
    },
  };
}

const fenceSeconds = 10;
const hardSeconds = 15;
const catchUpSeconds = 10;

const short = ({ deadlines }: MoveContext, signal: AbortSignal): AbortSignal =>
  within(deadlines.lostRegion, signal);

/** A fenced source that answers has nothing new: what it has can still arrive. */
async function catchUp(
  source: LiveDatabase,
  target: LiveDatabase,
  { actions }: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (source.address === undefined || target.address === undefined) return;
  const limit = within(2 * catchUpSeconds, signal);
  const inside = await actions.ask(
    source.region,
    { ask: "database", address: source.address },
    limit,
  );
  if (!inside.ok) return;
  const reply = await actions.ask(
    target.region,
    {
      ask: "wait-for-transactions",
      address: target.address,
      transactions: inside.answer.transactions,
      timeoutSeconds: catchUpSeconds,
    },
    limit,
  );
  report(
    reply.ok && reply.answer.reached
      ? `${target.identifier} in ${target.region} has every transaction of the source: nothing is lost.`
      : `${target.identifier} in ${target.region} does not have every transaction of the source yet.`,
  );
}
