import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../dist/bundle/standby.mjs", import.meta.url));
/** The project's own Node, and the one of the system when there is one: a machine has what it has. */
const nodes = [process.execPath, "/usr/bin/node"].filter((path) => existsSync(path));

describe.each(nodes)("the bundled command on %s", (node) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "standby-test-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const standby = (...words: readonly string[]) =>
    promisify(execFile)(node, [bin, ...words], { cwd: folder, timeout: 30_000 });

  it("shows its help", async () => {
    const { stdout } = await standby("--help");
    expect(stdout).toMatch(/status[\s\S]*preflight[\s\S]*Exit codes/);
  });

  it("loads the AWS clients and says in one line that there is no project", async () => {
    await expect(standby("status")).rejects.toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/There is no Pulumi\.yaml/),
    });
  });
});
