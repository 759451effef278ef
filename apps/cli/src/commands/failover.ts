import type { AcceptedLoss } from "@standby/recovery";
import { InvalidArgumentError } from "commander";
import type { DefineCommand } from "../command.ts";
import { conversationOn } from "../conversation.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type MoverFlags, withMoverOptions } from "../mover-options.ts";
import { print, printJson, type Terminal } from "../terminal.ts";
import { moveText, planText } from "../text/move-text.ts";

interface Flags extends MoverFlags {
  readonly readOnly?: true;
  readonly acceptDataLoss?: Exclude<AcceptedLoss, undefined>;
}

const description =
  "Moves database access to the recovery Region, assuming that the primary one may be dead: states the loss, fences the old source if it still answers, promotes the replica, moves the CNAME, proves a write. A promotion cannot be taken back. Killed anywhere, the same command goes on.";

export const defineFailover: DefineCommand = (program, terminal, finish) => {
  withMoverOptions(
    program
      .command("failover")
      .summary("the primary Region may be dead: move to the recovery Region")
      .description(description)
      .option("--read-only", "move the CNAME to the replica and promote nothing")
      .option(
        "--accept-data-loss <seconds|unknown>",
        "the replica may be so far behind; a replication that does not run only by the word unknown",
        parseLoss,
      ),
  ).action(async (flags: Flags) => finish(await move(flags, terminal)));
};

async function move(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const recovery = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  const { yes, reason, acceptDataLoss } = flags;
  const conversation = conversationOn(terminal, { yes });
  using session = await recovery.openSession({ stack: flags.stack, signal });
  const { context, run } = recovery.openMove(session, { conversation, signal, reason });
  if (flags.dryRun) {
    const { statement, refusal, steps } = flags.readOnly
      ? {
          statement: [],
          refusal: undefined,
          steps: await recovery.planFailoverReadOnly(context, signal),
        }
      : await recovery.planFailover(context, { acceptDataLoss }, signal);
    if (flags.json)
      await printJson(stdout, { schema: "standby.plan/1", statement, refusal, steps });
    else {
      const refused = refusal === undefined ? [] : [`Would be refused: ${refusal}`];
      await print(stdout, `${[...statement, ...refused, ""].join("\n")}\n${planText(steps)}`);
    }
    return refusal === undefined ? exitCodes.done : exitCodes.refused;
  }
  const report = flags.readOnly
    ? await recovery.failoverReadOnly(context, run)
    : await recovery.failover(context, { acceptDataLoss }, run);
  if (flags.json) await printJson(stdout, report);
  else await print(stdout, moveText(report));
  return exitCodes.done;
}

function parseLoss(text: string): AcceptedLoss {
  if (text === "unknown") return text;
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError("It must be a number of seconds or the word unknown.");
}
