import type { LocalCloud } from "@standby/local-cloud";
import { execa } from "execa";

/** Types a command in the cloud and returns what it printed on standard output. */
export type Ask = (command: readonly string[], input?: string) => Promise<string>;

export const askedOf = (stack: string): readonly (readonly string[])[] => [
  ["pulumi", "stack", "output", "--json", "-s", stack],
  ["pulumi", "stack", "export", "-s", stack],
  ["pulumi", "stack", "history", "--json", "-s", stack],
  ["pulumi", "preview", "--diff", "-s", stack],
  ["pulumi", "preview", "--json", "--show-sames", "-s", stack],
  ["pulumi", "config", "-s", stack],
];

/** What a person asks for after it all, each answer a text that may be pasted into a ticket. */
export const questions: readonly (readonly string[])[] = [
  ...askedOf("prod-east"),
  ...askedOf("prod-west"),
  ["standby", "status", "--json"],
  ["standby", "preflight", "--json"],
  ["standby", "history", "--json"],
  ["local-cloud", "calls", "--json"],
];

const questionSeconds = 120;

export interface Answer {
  readonly place: string;
  readonly content: string;
}

/** Keeps both streams of each answer in `answers`. */
export const asking =
  ({ projectFolder, environment }: LocalCloud, answers: Answer[]): Ask =>
  async ([command = "", ...words], input) => {
    const { all, stdout } = await execa(command, words, {
      cwd: projectFolder,
      env: environment,
      extendEnv: false,
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: "ignore" } : { input }),
      timeout: questionSeconds * 1000,
      preferLocal: false,
    });
    answers.push({ place: [command, ...words].join(" "), content: all });
    return stdout;
  };
