import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { UsageError } from "../src/errors.ts";
import { openProject } from "../src/project.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "standby-test-"));
  await writeFile(join(folder, "Pulumi.yaml"), "name: standby\n");
  await writeFile(
    join(folder, "Pulumi.prod-west.yaml"),
    'secretsprovider: awskms://alias/a\nconfig:\n  standby:role: recovery\n  failover: "true"\n  aws:region: us-west-2\n',
  );
});
afterEach(() => rm(folder, { recursive: true }));

it("is found from a folder inside it, with its stack files", async () => {
  await mkdir(join(folder, "packages", "x"), { recursive: true });
  const project = await openProject(join(folder, "packages", "x"));
  expect(project).toMatchObject({ folder, name: "standby" });
  const [west] = project.stackFiles;
  expect(west).toMatchObject({ stack: "prod-west", secretsProvider: "awskms://alias/a" });
});

it("reads a key with its namespace, without one, and of another one", async () => {
  const [west] = (await openProject(folder)).stackFiles;
  expect(["role", "failover", "aws:region", "fenced"].map((key) => west?.value(key))).toEqual([
    "recovery",
    "true",
    "us-west-2",
    undefined,
  ]);
});

it("is a usage error where there is none", async () => {
  await rm(join(folder, "Pulumi.yaml"));
  await expect(openProject(folder)).rejects.toThrow(UsageError);
});

it("names a file that is not YAML and shows nothing of it", async () => {
  await writeFile(join(folder, "Pulumi.bad.yaml"), "config: {secure: hunter2\n  - x");
  const error = await openProject(folder).catch((reason: unknown) => reason);
  expect(String(error)).toContain("Pulumi.bad.yaml is not YAML");
  expect(String(error)).not.toContain("hunter2");
});
