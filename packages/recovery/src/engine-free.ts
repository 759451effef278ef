import { databaseUrns } from "./engine-state.ts";
import { whenUnlocked } from "./engine-unlock.ts";
import type { MoveContext } from "./move.ts";

/**
 * Proves, before anything is moved, that the stack can be updated afterwards: nobody else's update holds it, and the backend takes a
 * new state. A preview asks for no lock, so the databases are read into the state, which changes nothing of AWS.
 *
 * @throws RefusedError while somebody else's update may be under way.
 */
export async function proveUpdatable(
  context: Pick<MoveContext, "engine" | "clock" | "mayCancel">,
  stack: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { engine } = context;
  const state = await engine.state(stack, signal);
  // A refresh would forget what was begun to be created: that is settled with the update.
  if (state.pendingOperations.some(({ operation }) => operation === "creating")) return;
  const urns = databaseUrns(state);
  await whenUnlocked(() => engine.refresh(stack, urns, signal), {
    ...context,
    stack,
    signal,
    report,
  });
}
