import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { UsageError } from "./errors.ts";

/** The operating flags, which the commands set as a person would with `pulumi config set`. */
const flagNames = [
  "failover",
  "readOnlyFailover",
  "pinned",
  "fenced",
  "replicateFrom",
  "acceptDataLoss",
] as const;
export type Flag = (typeof flagNames)[number];

const project = "standby";

export const stackFile = (projectFolder: string, stack: string): string =>
  join(projectFolder, `Pulumi.${stack}.yaml`);

/**
 * Sets flags in a stack's file, comments and order kept. It asks no backend and no key service: this works with the primary Region
 * dark, whatever lives there. Returns whether the file changed.
 *
 * @throws UsageError for a file that is missing or is not one of a stack; it never shows a value.
 */
export const setFlags = (
  projectFolder: string,
  stack: string,
  flags: Readonly<Partial<Record<Flag, string>>>,
): Promise<boolean> => setFlagsIn(stackFile(projectFolder, stack), stack, flags);

/** The same for a copy of it. */
export async function setFlagsIn(
  file: string,
  stack: string,
  flags: Readonly<Partial<Record<Flag, string>>>,
): Promise<boolean> {
  const text = await readStackFile(file, stack);
  const document = parseDocument(text);
  const config = document.get("config");
  if (document.errors.length > 0 || !isMap(config))
    throw new UsageError(`Pulumi.${stack}.yaml is not a stack file: it has no map config.`, [
      `pulumi config -s ${stack}`,
    ]);
  for (const [flag, value] of Object.entries(flags)) {
    const key = config.has(flag) ? flag : `${project}:${flag}`;
    const node = config.get(key, true);
    if (isScalar(node)) node.value = value;
    else if (value !== "") config.set(key, value);
  }
  const changed = document.toString({ lineWidth: 0 });
  if (changed === text) return false;
  // All or nothing: a file that was cut off half way would be a stack without its flags.
  const next = `${file}.${process.pid}.tmp`;
  await writeFile(next, changed);
  await rename(next, file);
  return true;
}

/** The flags of a stack as texts; one that is not set is left out. */
export async function readFlags(
  projectFolder: string,
  stack: string,
): Promise<Readonly<Partial<Record<Flag, string>>>> {
  const text = await readStackFile(stackFile(projectFolder, stack), stack);
  const { config = {} } = (parseDocument(text).toJS() ?? {}) as {
    config?: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    flagNames.flatMap((flag) => {
      const value = config[`${project}:${flag}`] ?? config[flag];
      return value === undefined || value === "" ? [] : [[flag, String(value)]];
    }),
  );
}

async function readStackFile(file: string, stack: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `Pulumi.${stack}.yaml cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown reason"}.`,
      ["run the command in the folder of Pulumi.yaml"],
      { cause: error },
    );
  }
}
