import type { Command } from "commander";
import { exitCodesHelp } from "./exit-codes.ts";

/** What every command about a deployed pair takes. */
export interface PairFlags {
  readonly stack?: string;
  readonly json?: true;
}

export const withPairOptions = (command: Command): Command =>
  command
    .option("-s, --stack <stack>", "the recovery stack; default: the only one with role: recovery")
    .option("--json", "print one JSON document on stdout and nothing else there")
    .addHelpText("after", exitCodesHelp);
