import type { DatabaseAnswer } from "@standby/topology";
import type { LiveDatabase } from "./actions.ts";
import { RecoveryError } from "./errors.ts";
import { isLockedOut, LockedOutError } from "./locked-out.ts";
import type { MoveContext } from "./move.ts";

/** @throws LockedOutError when no password opens it; RecoveryError when the probe could not look */
export async function insideOf(
  { identifier, region, address }: LiveDatabase,
  { actions }: Pick<MoveContext, "actions">,
  signal: AbortSignal,
): Promise<DatabaseAnswer> {
  if (address === undefined)
    throw new RecoveryError(`${identifier} in ${region} has no address yet.`, ["standby status"]);
  const reply = await actions.ask(region, { ask: "database", address }, signal);
  if (reply.ok) return reply.answer;
  const Refusal = isLockedOut(reply.failure) ? LockedOutError : RecoveryError;
  throw new Refusal(
    `The probe in ${region} could not look into ${identifier}: ${reply.failure.message}`,
    ["standby preflight"],
  );
}
