import type { DefineCommand } from "../command.ts";
import { type PairFlags, withPairOptions } from "../common-options.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { print, printJson, type Terminal } from "../terminal.ts";

const description =
  "Sets the host of the secret to the CNAME and keeps every other field as it is. For a secret that was there before the program, and for a changed CNAME. The value is never printed. AWSCURRENT moves only if nobody else moved it.";

export const defineSetHost: DefineCommand = (program, terminal, finish) => {
  withPairOptions(
    program
      .command("set-host")
      .summary("set the host of the secret to the CNAME, and nothing else of it")
      .description(description)
      .argument("<host>", "the CNAME; an RDS endpoint is refused"),
  ).action(async (host: string, flags: PairFlags) => finish(await set(host, flags, terminal)));
};

async function set(host: string, flags: PairFlags, terminal: Terminal): Promise<ExitCode> {
  const { openSession, setHost } = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  using session = await openSession({ stack: flags.stack, signal });
  const result = await setHost(session, host, signal);
  const text = result.changed
    ? `The host is ${result.host} now, in both Regions (version ${result.versionId.slice(0, 8)}).\n`
    : `The host is ${result.host} already: nothing was changed.\n`;
  if (flags.json) await printJson(stdout, result);
  else await print(stdout, text);
  return exitCodes.done;
}
