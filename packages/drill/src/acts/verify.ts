import { withDeadline } from "../deadline.ts";
import type { Verification } from "../evidence.ts";
import type { OrdersClient } from "../orders-client.ts";
import type { Stage } from "../stage.ts";

/** Asks the recovery Region's application for every order that any client holds an acknowledgement for. */
export async function verify(stage: Stage, client: OrdersClient): Promise<void> {
  const { act, evidence, history, signal } = stage;
  await act(`Every acknowledged write is looked up through ${client.region}`, async (say) => {
    evidence.health = await withDeadline("the health request", 10, signal, (both) =>
      client.health(both),
    );
    evidence.verification = await withDeadline("the look-up of all orders", 60, signal, (both) =>
      findMissing(client, history.acknowledgedIds, both),
    );
    const { checked, missing } = evidence.verification;
    say(`${checked} looked up, ${missing.length} missing`);
  });
}

/**
 * Pages first; what no page holds is asked for by its id, so that a page's edge never counts as a loss. Only what is still looked for is
 * kept, however many orders there are.
 */
export async function findMissing(
  client: OrdersClient,
  acknowledged: readonly string[],
  signal: AbortSignal,
): Promise<Verification> {
  const wanted = new Set(acknowledged);
  const checked = wanted.size;
  for await (const ids of pagesOf(client, signal)) for (const id of ids) wanted.delete(id);
  const missing: string[] = [];
  for (const id of wanted) if (!(await client.exists(id, signal))) missing.push(id);
  return { missing, checked };
}

async function* pagesOf(client: OrdersClient, signal: AbortSignal) {
  let after: string | undefined;
  do {
    const page = await client.list(after, signal);
    yield page.ids;
    if (page.next !== undefined && page.next === after)
      throw new Error("the list of orders does not advance: its next page begins where it began");
    after = page.next;
  } while (after !== undefined);
}
