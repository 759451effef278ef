import type { LiveDatabase } from "./actions.ts";
import { within } from "./call-within.ts";
import { RefusedError } from "./errors.ts";
import { finding } from "./findings.ts";
import type { MoveContext } from "./move.ts";
import { problemOf } from "./seen.ts";
import { sidesOf } from "./side.ts";

/** A Region that answers at all does so sooner. */
const answerSeconds = 15;

/**
 * The databases of the primary Region and of the recovery Region, for what needs both.
 *
 * @throws RefusedError when one of them does not answer
 */
export async function databasesOfBoth(
  { deployment, actions }: Pick<MoveContext, "deployment" | "actions">,
  what: "switchover" | "rebuild",
  signal: AbortSignal,
): Promise<readonly [primary: readonly LiveDatabase[], recovery: readonly LiveDatabase[]]> {
  const ask = async (region: string) => {
    try {
      return await actions.databases(region, within(answerSeconds, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (problemOf("RDS", error).kind !== "unreachable") throw error;
      const active = (deployment.recovery.recordRegion ?? deployment.primaryRegion) === region;
      throw new RefusedError(
        `${region} does not answer, and a ${what} needs both Regions: nothing was changed.`,
        [finding("region-unreachable", deployment, { region, active })],
      );
    }
  };
  const [primary, recovery] = sidesOf(deployment);
  return await Promise.all([ask(primary.region), ask(recovery.region)]);
}
