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

/** Pages first; what no page holds is asked for by its id, so that a page's edge never counts as a loss. */
export async function findMissing(
  client: OrdersClient,
  acknowledged: readonly string[],
  signal: AbortSignal,
): Promise<Verification> {
  const listed = await listAll(client, signal);
  const missing: string[] = [];
  for (const id of new Set(acknowledged))
    if (!listed.has(id) && !(await client.exists(id, signal))) missing.push(id);
  return { missing, checked: new Set(acknowledged).size };
}

async function listAll(client: OrdersClient, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let after: string | undefined;
  do {
    const page = await client.list(after, signal);
    for (const id of page.ids) ids.add(id);
    if (page.next !== undefined && page.next === after)
      throw new Error("the list of orders does not advance: its next page begins where it began");
    after = page.next;
  } while (after !== undefined);
  return ids;
}
