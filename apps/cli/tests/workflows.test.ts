import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { usageProblem, wordsOf } from "./support/command-line.ts";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

interface Job {
  readonly steps: readonly Step[];
  readonly permissions?: object;
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly "cancel-in-progress": boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const root = new URL("../../../", import.meta.url);
const folder = new URL(".github/workflows/", root);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const workflows = readdirSync(folder).map((name) => {
  const text = read(`.github/workflows/${name}`);
  return { name, text, workflow: parse(text) as Workflow };
});

const scripts = Object.keys(JSON.parse(read("package.json")).scripts as object);
const targets = Object.keys(JSON.parse(read("nx.json")).targetDefaults as object);

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

/** One command a line: continued lines are joined, pipes taken apart, loops left out. */
const commandsOf = (workflow: Workflow): readonly string[] =>
  stepsOf(workflow)
    .flatMap(({ run = "" }) => run.replaceAll(/\\\n\s*/g, "").split("\n"))
    .flatMap((line) => line.split(" | "))
    .map((line) =>
      line
        .trim()
        .replaceAll(/ > \S+/g, "")
        .replaceAll(/\$\{\{.*?\}\}/g, "value"),
    )
    .filter((line) => line !== "" && !/^(set|for|done|echo)\b/.test(line));

/** What of the engine is used: its commands, and the options of each. */
const pulumiOptions: Readonly<Record<string, readonly string[]>> = {
  preview: [
    "--diff",
    "--expect-no-changes",
    "--json",
    "--non-interactive",
    "--refresh",
    "--show-sames",
    "--stack",
  ],
  up: ["--non-interactive", "--stack", "--yes"],
};

async function problemOf(command: string): Promise<string | undefined> {
  const [first = "", second = "", third = ""] = wordsOf(command);
  if (first === "npm" && ["install", "audit", "test"].includes(second)) return undefined;
  if (first === "npm" && second === "run") {
    const words = wordsOf(command)
      .slice(2)
      .filter((word) => word !== "--silent");
    const [script = "", , ...options] = words;
    if (!scripts.includes(script)) return `there is no script ${script}`;
    return script === "drill" ? await usageProblem(["drill", ...options]) : undefined;
  }
  if (command.startsWith("npx nx run-many -t "))
    return targets.includes(wordsOf(command)[4] ?? "") ? undefined : "there is no such target";
  if (first === "pulumi") {
    const known = pulumiOptions[second];
    return wordsOf(command).find((word) => word.startsWith("--") && !known?.includes(word));
  }
  if (first === "node" && second === "apps/cli/dist/bundle/standby.mjs") {
    const words = wordsOf(command.replace(/\$\{LOSS:\+(.*)\}/, "$1").replace("$LOSS", "30")).slice(
      2,
    );
    return third === "" ? "no command is named" : await usageProblem(words);
  }
  return `${first} is nothing that this test knows`;
}

describe.each(workflows)("the workflow $name", ({ text, workflow }) => {
  it("uses actions by their commit only, with the version beside it", () => {
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d/);
    expect(uses.length).toBe(stepsOf(workflow).filter((step) => step.uses).length);
  });

  it("may read the code, sign in to AWS where it does, and nothing else", () => {
    const signsIn = stepsOf(workflow).some(({ uses = "" }) =>
      uses.startsWith("aws-actions/configure-aws-credentials@"),
    );
    expect(workflow.permissions).toEqual({
      contents: "read",
      ...(signsIn && { "id-token": "write" }),
    });
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toBeUndefined();
    expect(text).not.toMatch(/secrets\.AWS_|aws-access-key-id|pull_request_target/);
  });

  it("puts nothing that somebody typed into a script", () => {
    for (const { run = "" } of stepsOf(workflow))
      expect(run).not.toMatch(/\$\{\{\s*(inputs|github\.event|github\.head_ref)/);
  });

  it("ends in time, and keeps no credentials in its checkout", () => {
    for (const job of Object.values(workflow.jobs))
      expect(job["timeout-minutes"]).toBeGreaterThan(0);
    expect(text.match(/actions\/checkout@/g)).toHaveLength(
      text.match(/persist-credentials: false/g)?.length ?? 0,
    );
  });

  it("types commands that exist", async () => {
    const commands = commandsOf(workflow).filter((command) => !command.startsWith("jq"));
    expect(commands).not.toEqual([]);
    for (const command of commands) expect(await problemOf(command), command).toBeUndefined();
  });
});

describe("the workflows together", () => {
  const named = (name: string) =>
    workflows.find((each) => each.name === name)?.workflow ?? expect.fail(`no ${name}`);

  it("judge every plan, and judge it before the first update", () => {
    for (const name of ["preview.yml", "deploy.yml"]) {
      const commands = commandsOf(named(name));
      const judged = commands.findIndex((command) => command.endsWith("standby.mjs guard"));
      const updated = commands.findIndex((command) => command.startsWith("pulumi up"));
      expect(judged).toBeGreaterThan(-1);
      expect(updated === -1 || judged < updated).toBe(true);
    }
  });

  it("deploy the recovery Region before the primary, one run at a time, and stop none half way", () => {
    const { concurrency } = named("deploy.yml");
    const stacks = commandsOf(named("deploy.yml"))
      .filter((command) => command.startsWith("pulumi up"))
      .map((command) => /prod-\w+/.exec(command)?.[0]);
    expect(stacks).toEqual(["prod-west", "prod-east", "prod-west"]);
    expect(concurrency).toMatchObject({ "cancel-in-progress": false });
    expect(named("failover.yml").concurrency).toEqual(concurrency);
  });

  it("fail over by hand alone, with a role and an environment of its own", () => {
    const { on, jobs } = named("failover.yml");
    expect(Object.keys(on)).toEqual(["workflow_dispatch"]);
    expect(jobs["failover"]?.environment).toBe("failover");
    const role = /role-to-assume: \$\{\{ vars\.(\w+) \}\}/;
    const roleOf = (name: string) => role.exec(read(`.github/workflows/${name}`))?.[1];
    expect(new Set(["failover.yml", "deploy.yml", "preview.yml"].map(roleOf)).size).toBe(3);
  });

  describe("take for drift", () => {
    const check = stepsOf(named("drift.yml")).find(({ run = "" }) =>
      run.includes("--expect-no-changes"),
    );
    // GitHub's expressions of this condition mean the same in JavaScript.
    const looks = new Function("steps", "matrix", `return ${check?.if};`) as (
      steps: object,
      matrix: object,
    ) => boolean;

    it.each([
      ["ready", "us-east-1", "prod-east", true],
      ["ready", "us-east-1", "prod-west", true],
      ["exposed", "us-west-2", "prod-east", false],
      ["exposed", "us-west-2", "prod-west", true],
      ["ready", "us-west-2", "prod-east", true],
      ["moving", "us-west-2", "prod-west", false],
      ["unknown", "us-east-1", "prod-west", false],
      ["split-brain", "us-west-2", "prod-east", true],
    ])("verdict %s, active %s: a difference of %s: %s", (verdict, active, stack, expected) => {
      expect(looks({ live: { outputs: { verdict, active } } }, { stack })).toBe(expected);
    });

    it("what is found every day", () => {
      expect(Object.keys(named("drift.yml").on)).toContain("schedule");
    });
  });

  it("keep the report of the scheduled drill", () => {
    const { on } = named("drill.yml");
    expect(Object.keys(on)).toContain("schedule");
    expect(read(".github/workflows/drill.yml")).toMatch(/upload-artifact@[\s\S]*drill\.html/);
  });
});
