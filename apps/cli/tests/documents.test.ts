import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { usageProblem, wordsOf } from "./support/command-line.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

interface Block {
  readonly document: string;
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

/** Also of blocks that stand in a list, with its indentation. */
function blocksOf(document: string): readonly Block[] {
  const fence = /^( *)```([^\n]*)\n([\s\S]*?)^ *```$/gm;
  const text = read(document);
  return [...text.matchAll(fence)].map(({ 2: info = "", 3: content = "", index }) => ({
    document,
    line: text.slice(0, index).split("\n").length,
    info,
    text: content,
  }));
}

const documents = ["*.md", "docs/*.md", "apps/*/README.md", "packages/*/README.md"].flatMap(
  (pattern) => globSync(pattern, { cwd: root }),
);
const blocks = documents.flatMap(blocksOf);
const languages = ["sh", "sh walk", "bash", "text", "ts", "json", "yaml"];

/** What makes a whole command of a block's lines: continued lines joined, placeholders filled in, remarks left out. */
const commandsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/\\\n\s*/g, "")
    .replaceAll(/<([\w-]+)>/g, "$1")
    .split("\n")
    .map((line) => line.replace(/(^|\s+)#.*$/, ""))
    .flatMap((line) => line.split(/ && | \| |; do |; done|; (?=\w)/))
    .map((command) => command.trim().replace(/^(until|for .* in .*)\b\s*/, ""))
    .filter((command) => command !== "");

const packageJson = JSON.parse(read("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly nx: { readonly targets: Readonly<Record<string, unknown>> };
};
const targets = new Set([
  ...Object.keys(packageJson.nx.targets),
  ...Object.keys(JSON.parse(read("nx.json")).targetDefaults as object),
]);

/** Options of the engine's own commands as the documents type them. */
const pulumiOptions: Readonly<Record<string, readonly string[]>> = {
  up: ["-s", "--yes", "--skip-preview"],
  preview: ["-s", "--diff", "--json", "--show-sames", "--expect-no-changes"],
  login: [],
  "config set": ["-s", "--path"],
  "config rm": ["-s", "--path"],
  "state unprotect": ["-s"],
  "stack init": ["--secrets-provider"],
};

/** Whose grammar is not ours: real AWS, or the machine's own programs. That they are well-formed is all that is looked at. */
const foreign = ["aws", "dig", "jq", "alias", "export", "sleep", "for", "grep", "do"];

const localCloud = ["lose", "restore", "calls", "fail"];

async function npmProblem(words: readonly string[]): Promise<string | undefined> {
  const [second = "", third = "", ...rest] = words;
  if (["install", "test", "start"].includes(second)) return undefined;
  if (!(third in packageJson.scripts)) return `there is no script ${third}`;
  return third === "drill" ? usageProblem(["drill", ...rest.filter((w) => w !== "--")]) : undefined;
}

function nxProblem([, first = "", ...rest]: readonly string[]): string | undefined {
  const target = first === "run-many" ? (rest[1] ?? "") : first;
  return targets.has(target) ? undefined : `there is no target ${target}`;
}

function pulumiProblem(words: readonly string[]): string | undefined {
  const two = words.slice(0, 2).join(" ");
  const known = pulumiOptions[two] ?? pulumiOptions[words[0] ?? ""];
  if (!known) return `pulumi ${two} is not known here`;
  return words.find((w) => /^--?[a-z]/.test(w) && !known.includes(w.split("=")[0] ?? ""));
}

async function problemOf(command: string): Promise<string | undefined> {
  const [first = "", ...words] = wordsOf(command);
  if (first === "standby") return usageProblem(words);
  if (first === "pulumi") return pulumiProblem(words);
  if (first === "npm") return npmProblem(words);
  if (first === "npx") return nxProblem(words);
  if (first === "local-cloud")
    return localCloud.includes(words[0] ?? "") ? undefined : `local-cloud ${words[0]}`;
  return foreign.includes(first) ? undefined : `${first} is nothing that this test knows`;
}

const shell = blocks.filter(
  ({ info, document }) => /^(sh|bash)\b/.test(info) && document !== "docs/cli.md",
);

it("every block of every document says what it is", () => {
  expect(blocks.length).toBeGreaterThan(40);
  for (const { document, line, info } of blocks)
    expect(languages, `${document}:${line}`).toContain(info.replace(/ exit=\d+$/, ""));
});

describe.each(shell)("the commands of $document, line $line,", ({ text }) => {
  it("are well-formed", () => {
    execFileSync("bash", ["-n"], { input: text.replaceAll(/<([\w-]+)>/g, "$1"), stdio: "pipe" });
  });

  it("are commands that exist, with options that they take", async () => {
    for (const command of commandsOf(text))
      expect(await problemOf(command), command).toBeUndefined();
  });
});
