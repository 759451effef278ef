import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { RefusedError } from "./errors.ts";
import { finding } from "./findings.ts";
import { look, startLook } from "./seen.ts";
import type { Session } from "./session.ts";

const callerDeadlineSeconds = 3;

/**
 * Before a move begins: credentials that AWS does not take, or of another account, would end it half way. STS is asked in the recovery
 * Region, and its silence refuses nothing.
 *
 * @throws RefusedError
 */
export async function refuseCaller(
  { clients, deployment }: Pick<Session, "clients" | "deployment">,
  signal: AbortSignal,
): Promise<void> {
  const { sts } = clients.in(deployment.recoveryRegion);
  const caller = await look("STS", startLook(signal, callerDeadlineSeconds), (both) =>
    sts.send(new GetCallerIdentityCommand({}), { abortSignal: both }),
  );
  if (!caller.seen) {
    if (caller.problem.kind !== "denied") return;
    throw new RefusedError("AWS does not take these credentials: nothing was changed.", [
      finding("not-allowed-to-look", deployment, { what: caller.problem.message }),
    ]);
  }
  const { Account: account = "" } = caller.value;
  if (account !== deployment.accountId)
    throw new RefusedError("These credentials are not the pair's: nothing was changed.", [
      finding("wrong-account", deployment, { account }),
    ]);
}
