import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { UsageError } from "./errors.ts";

/** One stack file of the project: `Pulumi.<stack>.yaml`. */
export interface StackFile {
  readonly stack: string;
  readonly path: string;
  /** Where the key of the stack's secrets is; undefined for a passphrase. */
  readonly secretsProvider: string | undefined;
  /** A key as it is written in the documents: of the project when it names no namespace. */
  value(key: string): unknown;
}

/** The folder with `Pulumi.yaml`, and the stack files in it. */
export interface Project {
  readonly folder: string;
  readonly name: string;
  readonly stackFiles: readonly StackFile[];
}

/**
 * Looks for `Pulumi.yaml` in the folder and above it, as the engine does.
 *
 * @throws UsageError when there is none, or a file of it is not YAML
 */
export async function openProject(folder: string): Promise<Project> {
  const names = await readdir(folder);
  if (!names.includes("Pulumi.yaml")) {
    const above = dirname(folder);
    if (above === folder)
      throw new UsageError("There is no Pulumi.yaml here or in a folder above.", [
        "cd <the folder of the project>",
      ]);
    return await openProject(above);
  }
  const document = await readYaml(join(folder, "Pulumi.yaml"));
  const name = String(document["name"]);
  const stacks = names.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
  const stackFiles = await Promise.all(stacks.map((stack) => readStackFile(folder, name, stack)));
  return { folder, name, stackFiles };
}

async function readStackFile(folder: string, project: string, stack: string): Promise<StackFile> {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  const document = await readYaml(path);
  const config = asRecord(document["config"]);
  const secretsProvider = document["secretsprovider"];
  return {
    stack,
    path,
    secretsProvider: typeof secretsProvider === "string" ? secretsProvider : undefined,
    value: (key) => config[key.includes(":") ? key : `${project}:${key}`] ?? config[key],
  };
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

async function readYaml(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(path, "utf8");
  try {
    return asRecord(parse(text));
  } catch (cause) {
    // The parser's own message shows the line, which may hold an encrypted value: it is left out.
    throw new UsageError(`${path} is not YAML.`, [`git diff ${path}`], { cause });
  }
}
