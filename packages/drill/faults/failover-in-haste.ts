import { failover, openMove, openSession, UnconfirmedError } from "@standby/recovery";

/**
 * `standby failover --yes --accept-data-loss unknown` with a short deadline for the name to be answered: what the command does
 * after minutes, within seconds. Exit 4: not confirmed, as the command's own.
 */

const confirmationSeconds = 15;

const { signal } = new AbortController();
const say = (line: string): void => void process.stderr.write(`${line}\n`);
using session = await openSession({ signal });
const { context, run } = openMove(session, {
  conversation: { say, tell: () => {}, confirmRegion: async () => {}, confirm: async () => true },
  signal,
  deadlines: { confirmation: confirmationSeconds },
});
try {
  await failover(context, { acceptDataLoss: "unknown" }, run);
} catch (error) {
  if (!(error instanceof UnconfirmedError)) throw error;
  say(error.message);
  process.exitCode = 4;
}
