import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout that this package stands in. */
export const repositoryFolder = join(import.meta.dirname, "..", "..", "..");

/** The programs that the set-up found or made. */
export interface Tools {
  readonly pulumi: string;
  /** The `mysqld` that the set-up made, when it was asked to. */
  readonly mysqlServer?: string;
}

/** @throws Error when the set-up has not run in this checkout; the message names the command. */
export function readTools(): Tools {
  const file = join(repositoryFolder, "node_modules", ".standby-tools.json");
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Tools;
  } catch (cause) {
    throw new Error(
      "The set-up has not run here yet: run `node tools/bootstrap.mjs` (npm run drill and npm test do it by themselves).",
      { cause },
    );
  }
}
