import type { MoveContext } from "./move.ts";
import type { Flag } from "./stack-file.ts";
import { isSwitched } from "./steps/publish-name.ts";
import type { Switch } from "./switch-picture.ts";

/** What both stack files say once the writes are in the other Region, by stack. */
export function switchFlags(
  { from, to }: Switch,
  { deployment }: MoveContext,
): Record<string, Partial<Record<Flag, string>>> {
  const isHome = to.role === "primary";
  const [primary, recovery] = isHome ? [to, from] : [from, to];
  return {
    [recovery.stack]: {
      failover: String(!isHome),
      readOnlyFailover: "false",
      fenced: String(isHome),
      ...(isHome ? { acceptDataLoss: "" } : {}),
      // A pinned name stays where it is.
      ...(isHome && isSwitched(deployment) ? { pinned: "false" } : {}),
    },
    [primary.stack]: { fenced: String(!isHome) },
  };
}
