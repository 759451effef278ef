import type { LiveDatabase } from "../actions.ts";
import { RecoveryError } from "../errors.ts";
import { insideOf } from "../inside.ts";
import type { MoveContext } from "../move.ts";
import type { Step } from "../step.ts";

/** One question to the probe, which is a function of at most 15 minutes and answers sooner. */
const questionSeconds = 20;

/** Waits until a replica has every transaction that its source has now: sets of identifiers, not a lag, say so. */
export const catchUpStep = (
  find: (context: MoveContext, signal: AbortSignal) => Promise<LiveDatabase>,
  writer: LiveDatabase,
  { id, deadlineSeconds }: { readonly id: string; readonly deadlineSeconds: number },
): Step<MoveContext> => ({
  id,
  title: `Wait until the replica has every transaction of ${writer.identifier} in ${writer.region}`,
  byHand: () => [
    `SELECT @@gtid_executed;   (on ${writer.identifier} in ${writer.region})`,
    "SELECT WAIT_FOR_EXECUTED_GTID_SET('<that set>', 60);   (on the replica; 0 when it has them)",
  ],
  isDone: async () => false,
  async run(context, report, signal) {
    const { transactions } = await insideOf(writer, context, signal);
    const replica = await find(context, signal);
    const deadline = context.clock.now() + deadlineSeconds * 1000;
    for (;;) {
      const reply = await context.actions.ask(
        replica.region,
        {
          ask: "wait-for-transactions",
          address: replica.address ?? "",
          transactions,
          timeoutSeconds: Math.min(questionSeconds, deadlineSeconds),
        },
        signal,
      );
      if (reply.ok && reply.answer.reached) break;
      if (context.clock.now() >= deadline)
        throw new RecoveryError(
          `${replica.identifier} in ${replica.region} did not get every transaction of ${writer.identifier} within ${deadlineSeconds} s${reply.ok ? "" : `: ${reply.failure.message}`}.`,
          ["standby status"],
        );
      if (!reply.ok) await context.clock.sleep(context.deadlines.poll * 1000, signal);
    }
    report(`${replica.identifier} in ${replica.region} has them all.`);
  },
});
