import { chmod, copyFile, cp, link, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { repositoryFolder } from "../repository.ts";

/** Must be the version of @pulumi/aws: the engine asks for the plugin of just that version. */
export const providerVersion = "7.48.0";

/** Puts the real engine, a language host and the way to the stand-in provider into the cloud's folder. */
export async function makePulumiHome(
  folder: string,
  pulumi: string,
  providerPort: number,
): Promise<void> {
  const plugin = join(folder, "pulumi-home", "plugins", `resource-aws-v${providerVersion}`);
  const bin = join(folder, "bin");
  await Promise.all([
    mkdir(plugin, { recursive: true }),
    mkdir(bin, { recursive: true }),
    mkdir(join(folder, "state")),
  ]);
  await Promise.all([
    // Not a symbolic link: the engine would look for its language host beside the link's target.
    link(pulumi, join(bin, "pulumi")).catch(() => copyFile(pulumi, join(bin, "pulumi"))),
    script(
      join(bin, "pulumi-language-nodejs"),
      cachedNode("packages/local-cloud/src/pulumi/language-host.ts"),
    ),
    script(
      join(bin, "local-cloud"),
      `exec ${node} ${quoted(join(repositoryFolder, "packages/local-cloud/src/control-command.ts"))} "$@"`,
    ),
    script(join(bin, "standby"), cachedNode("apps/cli/src/standby.ts")),
    script(join(plugin, "pulumi-resource-aws"), pluginScript),
    writeFile(join(plugin, "port"), String(providerPort)),
  ]);
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const node = quoted(process.execPath);

async function script(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/bash\n${text}\n`);
  await chmod(file, 0o755);
}

/** The compile cache spares each run of the program a second of parsing the AWS SDK for Pulumi, and each command half of one. */
function cachedNode(file: string): string {
  const cache = join(
    process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"),
    "standby",
    "compiled",
  );
  return [
    `export NODE_COMPILE_CACHE=${quoted(cache)}`,
    `exec ${node} ${quoted(join(repositoryFolder, file))} "$@"`,
  ].join("\n");
}

/**
 * The engine starts this as the provider plugin in the program's folder, reads a port from its output and ends it when it is done.
 * The stand-in is another process: it learns the folder, which relative asset paths start from, by the engine's address.
 */
const pluginScript = `port=$(cat "$(dirname "$0")/port")
if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  echo "The local cloud of this shell has ended. Start one with: npm run local-cloud" >&2
  exit 1
fi
pwd -P > "$(dirname "$0")/engine-$1"
echo "$port"
exec tail --sleep-interval=0.2 --pid="$PPID" -f /dev/null`;

/**
 * Pulumi.yaml and the stack files are copied, because `pulumi config set` and `pulumi stack init` write to them; the program itself
 * is linked, so that an edit of it counts at once.
 */
export async function copyProject(
  folder: string,
): Promise<{ projectFolder: string; stacks: readonly string[] }> {
  const projectFolder = join(folder, "project");
  await mkdir(projectFolder);
  const files = (await readdir(repositoryFolder)).filter((name) => /^Pulumi\..*yaml$/.test(name));
  await Promise.all([
    ...files.map((name) => cp(join(repositoryFolder, name), join(projectFolder, name))),
    ...["apps", "node_modules", "packages", "package.json"].map((name) =>
      symlink(join(repositoryFolder, name), join(projectFolder, name)),
    ),
  ]);
  const stacks = files.flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
  return { projectFolder, stacks: stacks.sort() };
}

/** `pulumi up -s <stack>` wants an existing stack: the folder's backend is new, so each is made once. */
export async function initializeStacks(
  projectFolder: string,
  stacks: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const stack of stacks)
    await execa("pulumi", ["stack", "init", stack, "--non-interactive", "--no-select"], {
      cwd: projectFolder,
      env: environment,
      extendEnv: false,
      stdin: "ignore",
      timeout: 60_000,
      ...(signal && { cancelSignal: signal }),
    });
}
