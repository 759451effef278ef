import type { DefineCommand } from "../command.ts";
import { conversationOn } from "../conversation.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type MoverFlags, withMoverOptions } from "../mover-options.ts";
import { print, printJson, type Terminal } from "../terminal.ts";
import { moveText, planText } from "../text/move-text.ts";

const description =
  "Moves the writes to the other Region, in either direction, with both Regions healthy and no write lost: the source refuses writes, the target gets every transaction and is promoted, the CNAME moves. Until the promotion a failure or Ctrl-C takes everything back; after it, the same command goes on.";

export const defineSwitchover: DefineCommand = (program, terminal, finish) => {
  withMoverOptions(
    program
      .command("switchover")
      .summary("both Regions healthy: move to the other one without losing a write")
      .description(description),
  ).action(async (flags: MoverFlags) => finish(await move(flags, terminal)));
};

async function move(flags: MoverFlags, terminal: Terminal): Promise<ExitCode> {
  const recovery = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  const conversation = conversationOn(terminal, { yes: flags.yes });
  using session = await recovery.openSession({ stack: flags.stack, signal });
  const { context, run } = recovery.openMove(session, {
    conversation,
    signal,
    reason: flags.reason,
  });
  if (flags.dryRun) {
    const plan = await recovery.planSwitchover(context, run, signal);
    if (flags.json) await printJson(stdout, { schema: "standby.plan/1", ...plan });
    else await print(stdout, `${plan.statement.join("\n")}\n\n${planText(plan.steps)}`);
    return exitCodes.done;
  }
  const report = await recovery.switchover(context, run);
  if (flags.json) await printJson(stdout, report);
  else await print(stdout, moveText(report));
  return exitCodes.done;
}
