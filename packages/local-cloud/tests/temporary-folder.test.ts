import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { makeTemporaryFolder, sweepTemporaryFolders } from "../src/temporary-folder.ts";

it("lets nobody else into the folder", async () => {
  const folder = await makeTemporaryFolder();
  expect((await stat(folder)).mode & 0o077).toBe(0);
  await rm(folder, { recursive: true });
});

it("sweeps the folder of a killed local cloud and leaves a living one and a stranger's alone", async () => {
  vi.stubEnv("TMPDIR", await mkdtemp(join(tmpdir(), "sweep-")));
  const living = await makeTemporaryFolder();
  const dead = await makeTemporaryFolder();
  const stranger = await mkdtemp(join(tmpdir(), "standby-"));
  writeFileSync(join(dead, "owner.pid"), String(spawnSync("true").pid));
  await sweepTemporaryFolders();
  expect([living, dead, stranger].map((folder) => existsSync(folder))).toEqual([true, false, true]);
});
