import { relative } from "node:path";
import { execa } from "execa";
import type { StackPair } from "./deployment.ts";
import type { Seen } from "./observation.ts";
import { type Look, look, NothingToSee } from "./seen.ts";

/** The stack files against what is committed. */
export interface Checkout {
  /** Names of stack files that differ from the last commit, or are not in it. */
  readonly uncommitted: readonly string[];
}

/** Asks Git for the two stack files; a folder that is no checkout has nothing to see. */
export const readCheckout = (
  { primary, recovery }: StackPair,
  folder: string,
  within: Look,
): Promise<Seen<Checkout>> =>
  look("git", within, async (signal) => {
    const names = [primary, recovery].map(({ path }) => relative(folder, path));
    const { stdout, exitCode } = await execa(
      "git",
      ["status", "--porcelain", "-z", "--", ...names],
      {
        cwd: folder,
        stdin: "ignore",
        cancelSignal: signal,
        reject: false,
      },
    );
    if (exitCode !== 0) throw new NothingToSee("the folder is no Git checkout");
    return { uncommitted: names.filter((name) => stdout.includes(name)) };
  });
