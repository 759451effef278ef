import type { DefineCommand } from "../command.ts";
import { conversationOn } from "../conversation.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type MoverFlags, withMoverOptions } from "../mover-options.ts";
import { print, printJson, type Terminal } from "../terminal.ts";
import { moveText, planText } from "../text/move-text.ts";

interface Flags extends MoverFlags {
  readonly enableEvents?: true;
}

const description =
  "Makes the Region that is not active a standby again: fences its old database and lists the writes that only it has, builds the next one as a replica and waits until it has caught up, joins the copies of the secret. It takes hours and harms nothing. The old database is kept; how to delete it is printed.";

export const defineRebuild: DefineCommand = (program, terminal, finish) => {
  withMoverOptions(
    program
      .command("rebuild")
      .summary("make the Region that is not active a standby again")
      .description(description)
      .option("--enable-events", "turn on the MySQL events that replication disabled"),
  ).action(async (flags: Flags) => finish(await move(flags, terminal)));
};

async function move(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const recovery = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  const conversation = conversationOn(terminal, { yes: flags.yes });
  const options = { enableEvents: flags.enableEvents === true };
  using session = await recovery.openSession({ stack: flags.stack, signal });
  const { context, run } = recovery.openMove(session, {
    conversation,
    signal,
    reason: flags.reason,
  });
  if (flags.dryRun) {
    const steps = await recovery.planRebuild(context, options, signal);
    if (flags.json) await printJson(stdout, { schema: "standby.plan/1", steps });
    else await print(stdout, planText(steps));
    return exitCodes.done;
  }
  const report = await recovery.rebuild(context, options, run);
  if (flags.json) await printJson(stdout, report);
  else await print(stdout, moveText(report));
  return exitCodes.done;
}
