import { type Command, CommanderError } from "commander";
import { createProgram } from "../../src/run.ts";
import { fakeTerminal } from "./terminal.ts";

/** The words of one command of a shell line: quotes are taken off, a comment and a remark behind it are left out. */
export const wordsOf = (command: string): readonly string[] =>
  [...command.replace(/\s{3,}\(.*$|\s+#.*$/, "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );

/** A line may hold several commands. */
export const commandsIn = (line: string): readonly string[] =>
  line.split(" && ").map((command) => command.trim());

const withoutActions = (command: Command): Command => {
  command.action(() => {});
  for (const each of command.commands) withoutActions(each);
  return command;
};

/** Why `standby <words>` would be a usage error; undefined when it would run. */
export async function usageProblem(words: readonly string[]): Promise<string | undefined> {
  const { terminal, stderr } = fakeTerminal();
  const program = createProgram(terminal, () => {});
  for (const command of program.commands) withoutActions(command);
  try {
    await program.parseAsync([...words], { from: "user" });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return stderr() || String(error);
  }
}
