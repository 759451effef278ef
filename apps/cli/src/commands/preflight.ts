import { join } from "node:path";
import type { DefineCommand } from "../command.ts";
import { type PairFlags, withPairOptions } from "../common-options.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { layoutOf, print, printJson, type Terminal } from "../terminal.ts";
import { preflightText } from "../text/preflight-text.ts";

interface Flags extends PairFlags {
  readonly previews: boolean;
  readonly page?: string;
}

const description =
  "Says whether a failover would work now and what it would lose, check by check. What needs a Region that does not answer is skipped and says so. Writes the break-glass page, the AWS CLI lines of a failover by hand, to a file and into the recovery bucket; changes nothing else.";

export const definePreflight: DefineCommand = (program, terminal, finish) => {
  withPairOptions(
    program
      .command("preflight")
      .summary("would a failover work now, and what would it lose")
      .description(description)
      .option("--no-previews", "leave out the previews of both stacks, which take most of the time")
      .option(
        "--page <file>",
        "where the break-glass page goes; default: break-glass-<service>.md",
      ),
  ).action(async (flags: Flags) => finish(await check(flags, terminal)));
};

const previewSeconds = 60;

async function check(flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const { openSession, preflight } = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  using session = await openSession({ stack: flags.stack, signal });
  const page = `break-glass-${session.deployment.service}.md`;
  const report = await preflight(session, {
    signal,
    previewSeconds: flags.previews ? previewSeconds : undefined,
    breakGlassFile: flags.page ?? join(session.project.folder, page),
  });
  if (flags.json) await printJson(stdout, report);
  else await print(stdout, preflightText(report, layoutOf(stdout)));
  return report.verdict === "refused" ? exitCodes.refused : exitCodes.done;
}
