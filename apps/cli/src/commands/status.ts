import { setTimeout as sleep } from "node:timers/promises";
import type { DefineCommand } from "../command.ts";
import { type PairFlags, withPairOptions } from "../common-options.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { layoutOf, print, printJson, type Terminal } from "../terminal.ts";
import { statusText } from "../text/status-text.ts";

interface Flags extends PairFlags {
  readonly watch?: true;
}

const description =
  "Looks at both Regions at once and says what is live: which database takes writes, whether the other can take over, where the CNAME points, and whether the secret agrees. A Region that does not answer within 3 s is shown as unreachable, one that says nothing at all after 1.5 s. Changes nothing.";

export const defineStatus: DefineCommand = (program, terminal, finish) => {
  withPairOptions(
    program
      .command("status")
      .summary("what is live, one screen, verdict first")
      .description(description)
      .option("-w, --watch", "look again every 2 s; with --json one document a line"),
  ).action(async (flags: Flags) => finish(await status(flags, terminal)));
};

const watchSeconds = 2;
/** Clears what a terminal shows and goes to its upper left corner. */
const clear = "\u001b[H\u001b[2J\u001b[3J";

async function status(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const { assess, openSession, statusOf } = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  using session = await openSession({ stack: flags.stack, signal });
  const looked = async () => {
    const [observation, checkout] = await Promise.all([
      session.observe(signal),
      session.checkout(signal),
    ]);
    return statusOf(observation, assess(observation, checkout.seen ? checkout.value : undefined));
  };
  if (!flags.watch) {
    const found = await looked();
    if (flags.json) await printJson(stdout, found);
    else await print(stdout, statusText(found, layoutOf(stdout)));
    return exitCodes.done;
  }
  for (;;) {
    const found = await looked();
    const text = flags.json ? `${JSON.stringify(found)}\n` : statusText(found, layoutOf(stdout));
    await print(stdout, `${stdout.isTTY && !flags.json ? clear : ""}${text}`);
    await sleep(watchSeconds * 1000, undefined, { signal });
  }
}
