import type { Command } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** How a subcommand says how it ended. */
type Finish = (code: ExitCode) => void;

/** One file in commands/ each: parses and prints; the work is a library's function that returns data. */
export type DefineCommand = (program: Command, terminal: Terminal, finish: Finish) => void;
