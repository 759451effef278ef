import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalCloud, startLocalCloud } from "@standby/local-cloud";
import { execa } from "execa";
import type { Subject } from "./assessment.ts";

/*
 * A process of its own per measured deployment: `deployment.ts <subject> <secrets>`. In it are AWS and the provider, below it the engine
 * and the program, so that its process tree is what an update needs. It does one `pulumi up` for each message, and ends with its parent.
 */

const repository = join(import.meta.dirname, "../../..");
const updateTimeoutMilliseconds = 900_000;

const settings = (program: Subject): string => `name: growth
main: packages/infrastructure/growth/programs/${program}.ts
runtime:
  name: nodejs
  options:
    packagemanager: npm
    typescript: false
`;

type Pulumi = (...words: readonly string[]) => Promise<void>;

async function openProject(cloud: LocalCloud, program: Subject, secrets: string): Promise<Pulumi> {
  const folder = join(cloud.folder, "growth");
  await mkdir(folder);
  for (const name of ["node_modules", "packages", "package.json"])
    await symlink(join(repository, name), join(folder, name));
  await writeFile(join(folder, "Pulumi.yaml"), settings(program));
  const pulumi: Pulumi = async (...words) => {
    await execa("pulumi", [...words, "--stack", "growth", "--non-interactive"], {
      cwd: folder,
      // A file backend writes the whole state anew with each step: the square of the number of resources, whoever declares them.
      env: { ...cloud.environment, PULUMI_SKIP_CHECKPOINTS: "true" },
      extendEnv: false,
      stdin: "ignore",
      timeout: updateTimeoutMilliseconds,
    });
  };
  await pulumi("stack", "init");
  await pulumi("config", "set", "secrets", secrets);
  await pulumi("config", "set", "aws:region", "us-east-1");
  return pulumi;
}

const [program, secrets = "1"] = process.argv.slice(2);
if (program !== "component" && program !== "bare") throw new Error("no such program");
const ended = new AbortController();
process.once("disconnect", () => ended.abort());
const cloud = await startLocalCloud({ signal: ended.signal });
process.once("disconnect", () => void cloud.close().finally(() => process.exit()));
const pulumi = await openProject(cloud, program, secrets);
process.on("message", () => {
  pulumi("up", "--yes", "--skip-preview", "--suppress-progress").then(
    () => process.send?.({ done: true }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.send?.({ done: true });
