import type { Command } from "commander";
import { type PairFlags, withPairOptions } from "./common-options.ts";

/** What every command that moves something takes. */
export interface MoverFlags extends PairFlags {
  readonly dryRun?: true;
  readonly yes?: true;
  readonly reason?: string;
}

export const withMoverOptions = (command: Command): Command =>
  withPairOptions(
    command
      .option("--dry-run", "print the plan, each step with its line for a shell; change nothing")
      .option("-y, --yes", "answer the prompts; it never stands for accepting a loss")
      .option("--reason <text>", "kept in the journal"),
  );
