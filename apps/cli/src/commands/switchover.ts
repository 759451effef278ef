import type { DefineCommand } from "../command.ts";
import { type MoverFlags, withMoverOptions } from "../mover-options.ts";
import { runMover } from "../run-mover.ts";

const description =
  "Moves the writes to the other Region, in either direction, with both Regions healthy and no write lost: the source refuses writes, the target gets every transaction and is promoted, the CNAME moves. Until the promotion a failure or Ctrl-C takes everything back; after it, the same command goes on.";

export const defineSwitchover: DefineCommand = (program, terminal, finish) => {
  withMoverOptions(
    program
      .command("switchover")
      .summary("both Regions healthy: move to the other one without losing a write")
      .description(description),
  ).action(async (flags: MoverFlags) =>
    finish(
      await runMover(flags, terminal, (recovery) => ({
        plan: (context, run) => recovery.planSwitchover(context, run, terminal.signal),
        move: recovery.switchover,
      })),
    ),
  );
};
