import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { programDigest, programPackages } from "@standby/topology";

const folders: Readonly<Record<(typeof programPackages)[number], string>> = {
  infrastructure: import.meta.dirname,
  topology: dirname(fileURLToPath(import.meta.resolve("@standby/topology"))),
};

/** The digest of the program that runs, by which the commands know whether their checkout holds the same one. */
export async function ownDigest(): Promise<string> {
  const sources = new Map<string, string>();
  for (const name of programPackages)
    for (const file of await readdir(folders[name], { recursive: true }))
      if (file.endsWith(".ts"))
        sources.set(`${name}/${file}`, await readFile(join(folders[name], file), "utf8"));
  return await programDigest(sources);
}
