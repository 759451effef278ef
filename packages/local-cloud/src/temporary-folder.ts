import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "standby-";
const ownerFile = "owner.pid";

/** A folder that only this user can enter; everything of one local cloud lives in it. */
export async function makeTemporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(folder, ownerFile), String(process.pid));
  return folder;
}

/** Removes what local clouds that were killed with -9 could not remove themselves. */
export async function sweepTemporaryFolders(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  await Promise.all(
    names.map(async (name) => {
      const folder = join(tmpdir(), name);
      const owner = Number(await readFile(join(folder, ownerFile), "utf8").catch(() => "0"));
      if (owner > 0 && !isAlive(owner))
        await rm(folder, { recursive: true, force: true }).catch(() => {});
    }),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
