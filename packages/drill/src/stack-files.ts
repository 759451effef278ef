import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** SHA-256 of Pulumi.yaml and each stack file in a folder: what a drill must leave as it was. */
export async function hashStackFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => /^Pulumi(\..+)?\.yaml$/.test(name));
  const hashes = await Promise.all(
    names.sort().map(async (name) => {
      const content = await readFile(join(folder, name));
      return [name, createHash("sha256").update(content).digest("hex")] as const;
    }),
  );
  return Object.fromEntries(hashes);
}
