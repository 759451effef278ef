import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFlags, setFlags } from "../src/stack-file.ts";

const before = `config:
  # Operating flags
  standby:failover: "false"
  standby:fenced: "false"
  # The deployment
  aws:region: us-west-2
  standby:network:
    cidr: 10.20.0.0/16
`;

describe("a stack file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-file-"));
    await writeFile(join(folder, "Pulumi.prod-west.yaml"), before);
  });
  afterEach(() => rm(folder, { recursive: true }));
  const text = () => readFile(join(folder, "Pulumi.prod-west.yaml"), "utf8");

  it("gets its flags and keeps comments, order and everything else", async () => {
    expect(await setFlags(folder, "prod-west", { failover: "true" })).toBe(true);
    expect(await text()).toBe(before.replace(`failover: "false"`, `failover: "true"`));
    expect(await readdir(folder)).toEqual(["Pulumi.prod-west.yaml"]);
  });

  it("is not written when it says so already", async () => {
    expect(await setFlags(folder, "prod-west", { failover: "false", replicateFrom: "" })).toBe(
      false,
    );
    expect(await text()).toBe(before);
  });

  it("gets a flag that it lacks, and reads it back", async () => {
    await setFlags(folder, "prod-west", { replicateFrom: "arn:aws:rds:us-east-1:1:db:a" });
    expect(await readFlags(folder, "prod-west")).toEqual({
      failover: "false",
      fenced: "false",
      replicateFrom: "arn:aws:rds:us-east-1:1:db:a",
    });
  });

  it("keeps to the key without the project's name where the file has that", async () => {
    await writeFile(join(folder, "Pulumi.prod-west.yaml"), "config:\n  failover: false\n");
    await setFlags(folder, "prod-west", { failover: "true" });
    expect(await text()).toBe(`config:\n  failover: "true"\n`);
  });

  it("is a usage error when it is missing or has no configuration", async () => {
    await expect(setFlags(folder, "prod-east", {})).rejects.toMatchObject({ name: "UsageError" });
    await writeFile(join(folder, "Pulumi.prod-west.yaml"), "- a\n");
    await expect(setFlags(folder, "prod-west", {})).rejects.toThrow(/no map config/);
  });
});
