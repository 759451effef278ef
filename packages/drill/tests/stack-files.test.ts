import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hashStackFiles } from "../src/stack-files.ts";

it("hashes the project's and the stacks' files, and sees an edit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stack-files-"));
  try {
    await writeFile(join(folder, "Pulumi.yaml"), "name: x\n");
    await writeFile(join(folder, "Pulumi.prod-west.yaml"), "config: {}\n");
    await writeFile(join(folder, "package.json"), "{}");
    const before = await hashStackFiles(folder);
    await writeFile(join(folder, "Pulumi.prod-west.yaml"), "config: {}\n\n");
    const after = await hashStackFiles(folder);
    expect(Object.keys(before)).toEqual(["Pulumi.prod-west.yaml", "Pulumi.yaml"]);
    expect(after["Pulumi.yaml"]).toBe(before["Pulumi.yaml"]);
    expect(after["Pulumi.prod-west.yaml"]).not.toBe(before["Pulumi.prod-west.yaml"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
