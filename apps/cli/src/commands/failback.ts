import type { DefineCommand } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { print } from "../terminal.ts";

/** Typed by people who look for the way back: it is two commands, because the first takes hours and the second seconds. */
export const defineFailback: DefineCommand = (program, terminal, finish) => {
  program
    .command("failback", { hidden: true })
    .description("There is no such command: the way back is rebuild, then switchover.")
    .action(async () => {
      await print(terminal.stderr, "The way back is two commands: rebuild, then switchover.\n");
      await print(terminal.stdout, "standby rebuild\nstandby switchover\n");
      finish(exitCodes.done);
    });
};
