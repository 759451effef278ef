import { Command, CommanderError } from "commander";
import type { DefineCommand } from "./command.ts";
import { defineDrill } from "./commands/drill.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "./exit-codes.ts";
import { print, printJson, type Terminal } from "./terminal.ts";

const commands: readonly DefineCommand[] = [defineDrill];

/** Runs `standby <words>` and returns its exit code; never throws, never ends the process. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = createProgram(terminal);
  for (const define of commands)
    define(program, terminal, (finished) => {
      code = finished;
    });
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return await explain(error, words.includes("--json"), terminal);
  }
}

/** Subcommands inherit these settings, so it is set up before they are defined. */
function createProgram(terminal: Terminal): Command {
  return new Command("standby")
    .description("Recovery of a replicated secret and its RDS MySQL database in another Region")
    .exitOverride()
    .showHelpAfterError("(--help lists what there is)")
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText("after", exitCodesHelp);
}

async function explain(error: unknown, asJson: boolean, terminal: Terminal): Promise<ExitCode> {
  const interrupted = terminal.signal.aborted;
  const summary = interrupted
    ? "Interrupted. What was started has been ended."
    : error instanceof Error
      ? error.message
      : String(error);
  if (asJson) await printJson(terminal.stdout, { schema: "standby.error/1", ok: false, summary });
  // A person's mistake has been answered above as usage: what arrives here is a fault, and its stack is of use.
  const detail = !interrupted && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  await print(terminal.stderr, `standby: ${summary}${detail}\n`);
  return interrupted ? exitCodes.interrupted : exitCodes.failed;
}
