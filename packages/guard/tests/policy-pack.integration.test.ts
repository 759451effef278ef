import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { judgePlan } from "../src/judge-plan.ts";
import { readPlan } from "../src/read-plan.ts";

const pack = join(import.meta.dirname, "..", "policy");

let cloud: LocalCloud;
let program: string;

beforeAll(async () => {
  cloud = await startLocalCloud();
  program = join(cloud.folder, "program");
  await mkdir(program);
  await symlink(join(cloud.projectFolder, "node_modules"), join(program, "node_modules"));
  await writeFile(
    join(program, "Pulumi.yaml"),
    "name: guarded\nmain: index.js\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
  );
  await writeFile(join(program, "package.json"), '{ "type": "module" }');
  await pulumi("stack", "init", "one");
  await pulumi("config", "set", "aws:region", "us-east-1", "-s", "one");
});
afterAll(() => cloud.close());

const pulumi = (...words: readonly string[]) =>
  execa("pulumi", [...words, "--non-interactive", "--color", "never"], {
    cwd: program,
    env: { ...cloud.environment, PULUMI_OPTION_POLICY_PACK: pack },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 120_000,
  });

/** The program, with the options of its secret and what the key is called. */
const write = (secret: string, options: string, replicas = '["us-west-2"]') =>
  writeFile(
    join(program, "index.js"),
    `import * as aws from "@pulumi/aws";
     new aws.secretsmanager.Secret("secret", {
       name: "guarded",
       replicas: ${replicas}.map((region) => ({ region, kmsKeyId: "alias/aws/secretsmanager" })),
       ${secret} }, { ${options} });`,
  );

it("stops an update by the engine's own policy check, naming resource and rule, until the program is right", async () => {
  await write("recoveryWindowInDays: 0, forceOverwriteReplicaSecret: true", "");
  const refused = await pulumi("up", "-s", "one", "--yes", "--skip-preview");
  expect(refused.exitCode).not.toBe(0);
  for (const rule of ["protected", "recovery-window", "no-overwrite"])
    expect(refused.all).toMatch(new RegExp(`\\[mandatory\\] .*${rule}.*secret`, "s"));
  expect(cloud.calls().filter(({ operation }) => operation === "CreateSecret")).toEqual([]);

  await write("", "protect: true");
  const done = await pulumi("up", "-s", "one", "--yes", "--skip-preview");
  expect(done.all).toContain("standby-guard");
  expect(done.exitCode).toBe(0);
});

it("names what a plan of the real engine would lose: a copy, and what the plan replaces", async () => {
  await write("", "protect: true", "[]");
  const preview = await pulumi("preview", "-s", "one", "--json", "--show-sames");
  const rules = judgePlan(readPlan(preview.stdout)).map(
    ({ rule, resource }) => `${rule} ${resource}`,
  );
  expect(rules).toEqual(["keep-replicas secret"]);

  const text = await readFile(join(program, "index.js"), "utf8");
  await writeFile(
    join(program, "index.js"),
    text.replace('name: "guarded"', 'name: "another"').replace("[].map", '["us-west-2"].map'),
  );
  const stopped = await pulumi("up", "-s", "one", "--yes", "--skip-preview");
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.all).toMatch(/protect/);
});
