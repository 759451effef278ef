import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { Standby } from "../src/standby.ts";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** A `standby` that runs the given shell lines; "$@" is what it was asked. */
async function command(script: string, timeoutSeconds = 20) {
  const folder = await mkdtemp(join(tmpdir(), "fake-standby-"));
  folders.push(folder);
  await writeFile(join(folder, "standby"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "standby"), 0o755);
  const environment = { PATH: `${folder}:/usr/bin:/bin` };
  const { signal } = new AbortController();
  return {
    folder,
    standby: new Standby({ projectFolder: folder, environment, signal }, timeoutSeconds),
  };
}

const report = `echo "$@" > words; echo "... Promote" >&2; echo '{"kind":"failover","steps":[]}'`;

it.each([
  ["failover", "failover --accept-data-loss unknown --yes --json"],
  ["rebuild", "rebuild --yes --json"],
  ["switchover", "switchover --yes --json"],
] as const)("types standby %s and reads its report", async (move, words) => {
  const { folder, standby } = await command(report);
  expect(await standby[move]()).toEqual({ kind: "failover", steps: [] });
  expect((await readFile(join(folder, "words"), "utf8")).trim()).toBe(words);
});

it("fails with the command's last lines when the command does", async () => {
  const { standby } = await command("echo 'us-east-1 has no replica' >&2; exit 3");
  await expect(standby.switchover()).rejects.toMatchObject({
    name: "CommandError",
    exitCode: 3,
    message: expect.stringMatching(
      /^standby switchover --yes --json failed with exit code 3\n {2}us-east-1 has/,
    ),
  });
});

it("ends a command that takes too long", async () => {
  const { standby } = await command("exec sleep 60", 0.2);
  await expect(standby.rebuild()).rejects.toThrow("did not end within 0.2 s and was stopped");
});
