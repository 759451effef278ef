import { readdirSync, readFileSync } from "node:fs";
import { exampleFindings } from "@standby/recovery";
import { describe, expect, it } from "vitest";
import { commandsIn, usageProblem, wordsOf } from "./support/command-line.ts";

/** What of the engine's own grammar the remedies use: its commands, and the options of each. */
const pulumiCommands: Readonly<Record<string, readonly string[]>> = {
  up: ["-s", "--refresh"],
  preview: ["-s", "--diff", "--refresh"],
  refresh: ["-s"],
  cancel: ["-s"],
  install: [],
  version: [],
  whoami: ["--verbose"],
  "config set": ["-s"],
  "plugin ls": [],
  stack: ["-s", "--show-urns"],
  "stack history": ["-s"],
  "stack export": ["-s", "--file"],
  "stack change-secrets-provider": ["-s"],
};

function pulumiProblem(words: readonly string[]): string | undefined {
  const two = words.slice(0, 2).join(" ");
  const name = two in pulumiCommands ? two : (words[0] ?? "");
  const options = pulumiCommands[name];
  if (!options) return `pulumi ${name} is not a command`;
  return words.find((word) => word.startsWith("-") && !options.includes(word));
}

const runbook = readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8");
const typed = [
  ...exampleFindings().flatMap(({ code, remedy }) =>
    remedy.map((line) => ({ where: code as string, line })),
  ),
  ...[...runbook.matchAll(/`((?:standby|pulumi) [^`]+)`/g)].map(([, line = ""]) => ({
    where: "the runbook",
    line,
  })),
].flatMap(({ where, line }) => commandsIn(line).map((command) => ({ where, command })));

describe.each(typed.filter(({ command }) => command.startsWith("standby ")))(
  "$command, of $where,",
  ({ command }) => {
    it("is a command that this program takes", async () => {
      expect(await usageProblem(wordsOf(command).slice(1))).toBeUndefined();
    });
  },
);

describe.each(typed.filter(({ command }) => command.startsWith("pulumi ")))(
  "$command, of $where,",
  ({ command }) => {
    it("is a command that the engine takes", () => {
      expect(pulumiProblem(wordsOf(command).slice(1))).toBeUndefined();
    });
  },
);

const recovery = new URL("../../../packages/recovery/src/", import.meta.url);
/** What a message tells a person to type, with a word in the place of each value. */
const told = readdirSync(recovery, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) => {
    const source = readFileSync(new URL(name, recovery), "utf8");
    return [...source.matchAll(/"standby ([a-z-][^"\n]*)"|`standby ([a-z-][^`\\\n]*)`/g)].map(
      ([, plain, template]) => ({
        name,
        // The kind of an operation is the name of its command.
        command: `standby ${plain ?? template}`
          .replaceAll(/\$\{kind\}/g, "failover")
          .replaceAll(/\$\{[^}]*\}/g, "value"),
      }),
    );
  })
  // A sentence about a command, and the beginning of one whose value is written elsewhere.
  .filter(({ command }) => !/\.$|--accept-data-loss$/.test(command));

describe.each(told)("$command, in $name,", ({ command }) => {
  it("is a command that this program takes", async () => {
    expect(await usageProblem(wordsOf(command).slice(1))).toBeUndefined();
  });
});

it("would notice a command that does not exist", async () => {
  expect(await usageProblem(["rebuilt"])).toMatch(/unknown command/);
  expect(await usageProblem(["status", "--fast"])).toMatch(/unknown option/);
  expect(pulumiProblem(["upp"])).toMatch(/is not a command/);
});
