import type { AcceptedLoss } from "@standby/recovery";
import { InvalidArgumentError, Option } from "commander";
import type { DefineCommand } from "../command.ts";
import { type MoverFlags, withMoverOptions } from "../mover-options.ts";
import { runMover } from "../run-mover.ts";

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
      .addOption(
        new Option("--read-only", "move the CNAME to the replica and promote nothing").conflicts(
          "acceptDataLoss",
        ),
      )
      .option(
        "--accept-data-loss <seconds|unknown>",
        "the replica may be so far behind; a replication that does not run only by the word unknown",
        parseLoss,
      ),
  ).action(async (flags: Flags) => {
    const { acceptDataLoss, readOnly } = flags;
    finish(
      await runMover(flags, terminal, (recovery) =>
        readOnly
          ? {
              plan: async (context) => ({
                steps: await recovery.planFailoverReadOnly(context, terminal.signal),
              }),
              move: recovery.failoverReadOnly,
            }
          : {
              plan: (context) =>
                recovery.planFailover(context, { acceptDataLoss }, terminal.signal),
              move: (context, run) => recovery.failover(context, { acceptDataLoss }, run),
            },
      ),
    );
  });
};

function parseLoss(text: string): AcceptedLoss {
  if (text === "unknown") return text;
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError("It must be a number of seconds or the word unknown.");
}
