import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DivergedWritesAnswer } from "@standby/topology";
import type { LiveDatabase } from "./actions.ts";

/** What a stale source accepted and nobody else has. It holds the application's data: only its owner may read it. */
export interface DivergedFile extends DivergedWritesAnswer {
  readonly schema: "standby.diverged/1";
  readonly at: string;
  readonly database: string;
  readonly region: string;
  /** The stale database's transactions when this was listed: with others, it is listed again. */
  readonly transactions: string;
}

export const divergedPath = (
  folder: string,
  { identifier, region }: Pick<LiveDatabase, "identifier" | "region">,
): string => join(folder, `standby-diverged-${identifier}-${region}.json`);

export async function readDiverged(path: string): Promise<DivergedFile | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as DivergedFile;
  } catch {
    return undefined;
  }
}

export const writeDiverged = (path: string, file: DivergedFile): Promise<void> =>
  writeFile(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
