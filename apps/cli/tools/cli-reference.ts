import type { Command, Help } from "commander";
import { exitCodeMeanings } from "../src/exit-codes.ts";

/** `docs/cli.md`: what `--help` says, as one page. */
export function cliReference(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((each) => each.name() !== "help");
  const lines = [
    "# The standby command",
    "",
    `${program.description()}. This page is written by \`npx nx docs cli\` from the commands themselves.`,
    "",
    "| command | what it does |",
    "| --- | --- |",
    ...commands.map(
      (each) => `| [\`standby ${each.name()}\`](#standby-${each.name()}) | ${each.summary()} |`,
    ),
    ...commands.flatMap((each) => section(each, help)),
    "",
    "## Exit codes",
    "",
    "The same for every command.",
    "",
    "| code | meaning |",
    "| --- | --- |",
    ...Object.entries(exitCodeMeanings).map(([code, meaning]) => `| ${code} | ${meaning} |`),
    "",
  ];
  return lines.join("\n");
}

/** A bar would end the table's cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");

function section(command: Command, help: Help): readonly string[] {
  const terms = [
    ...help
      .visibleArguments(command)
      .map((each) => [help.argumentTerm(each), help.argumentDescription(each)] as const),
    ...help
      .visibleOptions(command)
      .map((each) => [help.optionTerm(each), help.optionDescription(each)] as const),
  ];
  return [
    "",
    `## standby ${command.name()}`,
    "",
    "```sh",
    help.commandUsage(command),
    "```",
    "",
    command.description(),
    "",
    "| option | meaning |",
    "| --- | --- |",
    ...terms.map(([term, meaning]) => `| \`${cell(term)}\` | ${cell(meaning)} |`),
  ];
}
