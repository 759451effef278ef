import type { DrillOptions } from "@standby/drill";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DefineCommand } from "../command.ts";
import { conversationOn } from "../conversation.ts";
import { type ExitCode, exitCodes, exitCodesHelp } from "../exit-codes.ts";
import { hasColour, layoutOf, print, printJson, type Terminal } from "../terminal.ts";
import { liveDrillText } from "../text/live-drill-text.ts";

type Choice<K extends keyof DrillOptions> = Exclude<DrillOptions[K], undefined>;

// Written out here so that --help and a refused value need not load the drill.
const clocks = ["fast", "aws"] as const satisfies readonly Choice<"clock">[];
const databases = ["mysql", "mariadb"] as const satisfies readonly Choice<"database">[];
const courses = ["cycle", "failover"] as const satisfies readonly Choice<"course">[];
const lossModes = ["hang", "refuse", "5xx"] as const satisfies readonly Choice<"lossMode">[];

const dnsSwitches = ["record", "health-check"] as const satisfies readonly Choice<"dnsSwitch">[];
const controlPlanes = ["up", "down"] as const satisfies readonly Choice<"route53ControlPlane">[];

interface Flags {
  readonly clock: Choice<"clock">;
  readonly database?: Choice<"database">;
  readonly lose: Choice<"lossMode">;
  readonly dnsSwitch: Choice<"dnsSwitch">;
  readonly route53ControlPlane: Choice<"route53ControlPlane">;
  readonly seconds: number;
  readonly course?: Choice<"course">;
  readonly previews?: true;
  readonly rotate?: true;
  readonly keep?: true;
  readonly html?: string;
  readonly json?: true;
  readonly live?: true;
  readonly stack?: string;
  readonly yes?: true;
}

const description =
  "Rehearse the loss of us-east-1 on this machine: both stacks brought up by the real Pulumi engine on a local cloud, writes and reads through the applications, the Region lost, `standby failover`; then the Region returns, `standby rebuild` makes it a standby again, `standby switchover` takes the writes back, the other one is rebuilt, and the Region is lost once more. With proof of what became of every write. The course `failover` rehearses the bare flag instead: `pulumi config set failover true` and `pulumi up`, until the first loss is survived. With --live nothing is lost or moved: the deployed pair is read, in both Regions, for whether a failover would work, what it would lose, and about how long it would take.";

export const defineDrill: DefineCommand = (program, terminal, finish) => {
  program
    .command("drill")
    .summary("rehearse the loss of us-east-1 on this machine")
    .description(description)
    .addOption(
      new Option("--clock <clock>", "fast: AWS's waits shortened; aws: at their real length")
        .choices(clocks)
        .default("fast"),
    )
    .addOption(
      new Option("--lose <mode>", "how the lost Region's endpoints behave")
        .choices(lossModes)
        .default("hang"),
    )
    .addOption(
      new Option(
        "--database <server>",
        "default: MySQL when one is installed, else MariaDB",
      ).choices(databases),
    )
    .addOption(
      new Option("--dns-switch <way>", "how the name moves, as the configuration's dnsSwitch")
        .choices(dnsSwitches)
        .default("record"),
    )
    .addOption(
      new Option(
        "--route53-control-plane <state>",
        "down: lost with the Region; a move of the record cannot be made then",
      )
        .choices(controlPlanes)
        .default("up"),
    )
    .option("--seconds <seconds>", "load before the loss, 1 to 600", parseSeconds, 5)
    .addOption(
      new Option(
        "--course <course>",
        "cycle: by the commands, on until both Regions are as before, and a second loss; failover: by the bare flag, until the first one is survived; default: cycle, with --rotate failover",
      ).choices(courses),
    )
    .option(
      "--previews",
      "look at both stacks at every border of two phases, also where a command has looked",
    )
    .option("--rotate", "rotate the password all through it, in whichever Region may")
    .option("--html <file>", "also write the report as one page for a browser")
    .option("--keep", "keep history, answers, calls and the engine's output, and say where")
    .option("--json", "print the report as one JSON document on stdout; progress goes to stderr")
    .addOption(
      new Option("--live", "on the deployed pair, which is only read; asks first").conflicts([
        "clock",
        "lose",
        "database",
        "seconds",
        "course",
        "previews",
        "html",
        "keep",
      ]),
    )
    .option("-s, --stack <stack>", "with --live: the recovery stack")
    .option("-y, --yes", "with --live: answer the question")
    .addHelpText("after", exitCodesHelp)
    .action(async (flags: Flags, command: Command) => {
      if (!flags.live && (flags.stack !== undefined || flags.yes))
        command.error("error: --stack and --yes are for a drill with --live");
      finish(await (flags.live ? rehearseLive(flags, terminal) : rehearse(flags, terminal)));
    });
};

async function rehearseLive({ stack, yes, json }: Flags, terminal: Terminal): Promise<ExitCode> {
  const { liveDrill, openSession } = await import("@standby/recovery");
  const { signal, stdout } = terminal;
  using session = await openSession({ stack, signal });
  const conversation = conversationOn(terminal, { yes });
  const report = await liveDrill(session, { signal, conversation });
  if (json) await printJson(stdout, report);
  else await print(stdout, `\n${liveDrillText(report, layoutOf(stdout))}`);
  return report.ok ? exitCodes.done : exitCodes.refused;
}

async function rehearse(flags: Flags, terminal: Terminal) {
  const { narratorFor, reportText, runDrill } = await import("@standby/drill");
  const report = await runDrill({
    clock: flags.clock,
    ...(flags.database && { database: flags.database }),
    lossMode: flags.lose,
    dnsSwitch: flags.dnsSwitch,
    route53ControlPlane: flags.route53ControlPlane,
    pacing: { loadSeconds: flags.seconds },
    ...(flags.course && { course: flags.course }),
    previews: flags.previews === true,
    rotate: flags.rotate === true,
    keep: flags.keep === true,
    ...(flags.html !== undefined && { htmlFile: flags.html }),
    narrator: narratorFor(terminal.stderr),
    signal: terminal.signal,
  });
  if (flags.json) await printJson(terminal.stdout, report);
  else
    await print(terminal.stdout, `\n${reportText(report, { colour: hasColour(terminal.stdout) })}`);
  return report.ok ? exitCodes.done : exitCodes.failed;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 1 && seconds <= 600) return seconds;
  throw new InvalidArgumentError("It must be a number from 1 to 600.");
}
