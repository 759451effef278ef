import { createHash } from "node:crypto";
import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "./cache-folder.ts";

export interface PythonPackages {
  /** Its name in the cache. */
  readonly name: string;
  /** A file of pinned packages. */
  readonly requirements: string;
  /** Called when it has to be made. */
  readonly onSetUp: () => void;
  readonly signal?: AbortSignal;
}

/**
 * The folder with the programs of a virtual environment that has exactly these packages; it is made once for these requirements, in the
 * per-user cache. For comparing with independent clients, which are Python's: nothing of Standby needs it.
 */
export async function pythonEnvironment(packages: PythonPackages): Promise<string> {
  const { name, requirements, onSetUp, signal } = packages;
  const version = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 16);
  const environment = join(cacheFolder(), `${name}-${version}`);
  const whole = join(environment, "whole");
  const isWhole = await access(whole).then(
    () => true,
    () => false,
  );
  if (!isWhole) {
    onSetUp();
    await makeEnvironment(environment, requirements, signal);
    await writeFile(whole, "");
  }
  return join(environment, "bin");
}

/** Under its final name from the start: the programs of a virtual environment hold its path. */
async function makeEnvironment(
  folder: string,
  requirements: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal === undefined ? {} : { cancelSignal: signal };
  await mkdir(cacheFolder(), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await execa("python3", ["-m", "venv", folder], options);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  await execa(join(folder, "bin", "python"), [...install, "-r", requirements], options);
}
