import { InvalidArgumentError } from "commander";
import type { DefineCommand } from "../command.ts";
import { type PairFlags, withPairOptions } from "../common-options.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { layoutOf, print, printJson, type Terminal } from "../terminal.ts";
import { historyText } from "../text/history-text.ts";

interface Flags extends PairFlags {
  readonly last: number;
}

export const defineHistory: DefineCommand = (program, terminal, finish) => {
  withPairOptions(
    program
      .command("history")
      .summary("what was done to the pair, by whom, and how it ended")
      .description(
        "Merges the journal of these commands with Pulumi's own history of both stacks, oldest first.",
      )
      .option("--last <count>", "newest entries of each source, 1 to 1000", parseCount, 20),
  ).action(async (flags: Flags) => finish(await history(flags, terminal)));
};

async function history(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const { openSession, readHistory } = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  using session = await openSession({ stack: flags.stack, signal });
  const found = await readHistory(session, { signal, last: flags.last });
  if (flags.json) await printJson(stdout, found);
  else await print(stdout, historyText(found, layoutOf(stdout)));
  return exitCodes.done;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError("It must be a whole number from 1 to 1000.");
}
