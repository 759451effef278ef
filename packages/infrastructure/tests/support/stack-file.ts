import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalCloud } from "@standby/local-cloud";
import { parse, stringify } from "yaml";

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

/** Edits a stack file of this cloud, as a person does; `undefined` removes a key. */
export async function editStackFile(
  { projectFolder }: LocalCloud,
  stack: string,
  changes: Readonly<Record<string, unknown>>,
  from = stack,
): Promise<void> {
  const text = await readFile(join(projectFolder, `Pulumi.${from}.yaml`), "utf8");
  const file = parse(text) as StackFile;
  const named = Object.entries(changes).map(([key, value]) => [
    key.includes(":") ? key : `standby:${key}`,
    value,
  ]);
  const config = Object.entries({ ...file.config, ...Object.fromEntries(named) });
  const kept = Object.fromEntries(config.filter(([, value]) => value !== undefined));
  await writeFile(
    join(projectFolder, `Pulumi.${stack}.yaml`),
    stringify({ ...file, config: kept }),
  );
}
