import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { programDigest, programPackages } from "@standby/topology";
import { runEngine } from "./engine.ts";
import { RefusedError } from "./errors.ts";
import { finding } from "./findings.ts";
import type { MoveContext } from "./move.ts";
import type { Deployment, Seen } from "./observation.ts";
import { type Look, look, NothingToSee } from "./seen.ts";

/** The program in this checkout against the one that the recovery stack was last updated by. */
export interface ProgramChange {
  readonly isSame: boolean;
  /** Of the checkout that the deployed one came from; undefined when the update was not made from a Git checkout. */
  readonly deployedCommit: string | undefined;
}

/** Reads this checkout's sources; the engine's history is asked only when they are not the deployed ones. */
export const readProgramChange = (
  { recovery, recoveryStack }: Deployment,
  projectFolder: string,
  within: Look,
): Promise<Seen<ProgramChange>> =>
  look("the program", within, async (signal) => {
    const { programDigest: deployed } = recovery;
    if (deployed === undefined)
      throw new NothingToSee(
        `the last update of ${recoveryStack} did not say which program it was`,
      );
    if ((await checkoutDigest(projectFolder)) === deployed)
      return { isSame: true, deployedCommit: undefined };
    return {
      isSame: false,
      deployedCommit: await commitOfLastUpdate(recoveryStack, projectFolder, signal),
    };
  });

async function checkoutDigest(projectFolder: string): Promise<string> {
  const sources = new Map<string, string>();
  for (const name of programPackages) {
    const folder = join(projectFolder, "packages", name, "src");
    for (const file of await readdir(folder, { recursive: true }))
      if (file.endsWith(".ts"))
        sources.set(`${name}/${file}`, await readFile(join(folder, file), "utf8"));
  }
  return await programDigest(sources);
}

interface EngineUpdate {
  readonly kind?: string;
  readonly result?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** More than one: refreshes are in the history as well. */
const updatesRead = "10";
const historySeconds = 10;

async function commitOfLastUpdate(
  stack: string,
  projectFolder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const words = ["stack", "history", "--json", "-s", stack, "--page-size", updatesRead];
  try {
    const text = await runEngine({ projectFolder }, words, historySeconds, signal);
    const updates = JSON.parse(text) as readonly EngineUpdate[];
    const last = updates.find(({ kind, result }) => kind === "update" && result === "succeeded");
    return last?.environment?.["git.head"];
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/**
 * A move's update would deploy whatever else this checkout holds. What cannot be told refuses nothing.
 *
 * @throws RefusedError when the checkout holds another program than the deployed one
 */
export async function refuseOtherProgram(
  { programChange, deployment }: Pick<MoveContext, "programChange" | "deployment">,
  signal: AbortSignal,
): Promise<void> {
  const change = await programChange(signal);
  if (!change.seen || change.value.isSame) return;
  throw new RefusedError(
    "This checkout holds another program than the deployed one: a move's update would change more than the move.",
    [finding("program-differs", deployment, change.value)],
  );
}
