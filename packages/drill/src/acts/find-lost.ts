import { withDeadline } from "../deadline.ts";
import { acknowledgements } from "../history.ts";
import type { CycleStage } from "./cycle.ts";
import { findMissing } from "./verify.ts";

const leastSeconds = 60;
const ordersPerSecond = 500;

/** Asks for every order of the whole course, and says how far back what is gone reaches. */
export async function findLost({ act, history, signal, clients, notes }: CycleStage) {
  const client = clients.recovery;
  return act(`Every write of the course is looked up through ${client.region}`, async (say) => {
    const { missing, checked } = await withDeadline(
      "the look-up of all orders",
      leastSeconds + history.acknowledgedIds.length / ordersPerSecond,
      signal,
      (both) => findMissing(client, history.acknowledgedIds, both),
    );
    say(`${checked} looked up, ${missing.length} missing`);
    const gone = new Set(missing);
    const ages = acknowledgements(history.attempts)
      .filter(({ orderId }) => gone.has(orderId))
      .map(({ endedAt }) => {
        const loss = notes.moves.find(
          ({ kind, startedAt }) => kind === "failover" && startedAt >= endedAt - 1_000,
        );
        return loss ? (loss.startedAt - endedAt) / 1000 : 0;
      });
    return { missing, reportedDataLossSeconds: Math.max(0, ...ages) };
  });
}
