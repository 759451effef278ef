import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SecretScan } from "./scan.ts";

/** Larger ones are program code or a database's own pages, read in a piece at a time by nothing here. */
const largestBytes = 64 * 1024 * 1024;

/** Every file under a folder, whatever it is; links are not followed. */
export async function scanFolder(
  scan: SecretScan,
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isLeftOut(path)) continue;
    if (entry.isDirectory()) await scanFolder(scan, path, isLeftOut);
    if (entry.isFile()) await scanFile(scan, path);
  }
}

/** A file that has gone meanwhile holds nothing any more. */
async function scanFile(scan: SecretScan, path: string): Promise<void> {
  try {
    if ((await stat(path)).size <= largestBytes) scan.look(path, await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The command lines of all processes, as `ps` shows them to every user of the machine. */
export async function commandLines(): Promise<readonly string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.map((line) => line.replaceAll("\0", " ").trim()).filter((line) => line !== "");
}

const betweenLooksMilliseconds = 100;

/** Collects the command lines of every process that runs between now and `stop`. Short ones can slip through between two looks. */
export function watchCommandLines(): { stop(): Promise<ReadonlySet<string>> } {
  const seen = new Set<string>();
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    for (const line of await commandLines()) seen.add(line);
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, betweenLooksMilliseconds);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      return seen;
    },
  };
}
