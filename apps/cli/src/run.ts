import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import type { DefineCommand } from "./command.ts";
import { defineDrill } from "./commands/drill.ts";
import { defineFailback } from "./commands/failback.ts";
import { defineFailover } from "./commands/failover.ts";
import { defineGuard } from "./commands/guard.ts";
import { defineHistory } from "./commands/history.ts";
import { definePreflight } from "./commands/preflight.ts";
import { defineRebuild } from "./commands/rebuild.ts";
import { defineSetHost } from "./commands/set-host.ts";
import { defineStatus } from "./commands/status.ts";
import { defineSwitchover } from "./commands/switchover.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "./exit-codes.ts";
import { explainError } from "./explain-error.ts";
import type { Terminal } from "./terminal.ts";

/** In the order of the help. */
const commands: readonly DefineCommand[] = [
  defineStatus,
  definePreflight,
  defineFailover,
  defineSwitchover,
  defineRebuild,
  defineSetHost,
  defineHistory,
  defineGuard,
  defineDrill,
  defineFailback,
];

/** Runs `standby <words>` and returns its exit code; never throws, never ends the process. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = createProgram(terminal, (finished) => {
    code = finished;
  });
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return await explainError(error, words.includes("--json"), terminal);
  }
}

/** The whole command tree, which the help and the documents are made of. */
export function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  // Subcommands inherit these settings, so it is set up before they are defined.
  const program = new Command("standby")
    .description("Recovery of a replicated secret and its RDS MySQL database in another Region")
    .version(manifest.version, "-V, --version", "print the version")
    .exitOverride()
    .showHelpAfterError("(--help lists what there is)")
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .addHelpText("after", exitCodesHelp);
  for (const define of commands) define(program, terminal, finish);
  return program;
}
