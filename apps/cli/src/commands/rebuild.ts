import type { DefineCommand } from "../command.ts";
import { type MoverFlags, withMoverOptions } from "../mover-options.ts";
import { runMover } from "../run-mover.ts";

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
  ).action(async (flags: Flags) =>
    finish(
      await runMover(flags, terminal, (recovery) => ({
        plan: async (context) => ({
          steps: await recovery.planRebuild(context, optionsOf(flags), terminal.signal),
        }),
        move: (context, run) => recovery.rebuild(context, optionsOf(flags), run),
      })),
    ),
  );
};

const optionsOf = ({ enableEvents }: Flags) => ({ enableEvents: enableEvents === true });
