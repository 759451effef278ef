import { readFileSync } from "node:fs";
import { mkdtemp, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyProject, makePulumiHome, providerVersion } from "../src/pulumi/pulumi-home.ts";
import { repositoryFolder } from "../src/repository.ts";

it("stands in for just the provider version that the program uses", () => {
  const installed = readFileSync(
    join(repositoryFolder, "node_modules/@pulumi/aws/package.json"),
    "utf8",
  );
  expect(JSON.parse(installed)).toMatchObject({ version: providerVersion });
});

it("copies the stack files and links the program", async () => {
  const { projectFolder, stacks } = await copyProject(await mkdtemp(join(tmpdir(), "project-")));
  expect(stacks).toEqual(["prod-east", "prod-west"]);
  expect((await stat(join(projectFolder, "Pulumi.yaml"))).isFile()).toBe(true);
  expect(await readlink(join(projectFolder, "packages"))).toBe(join(repositoryFolder, "packages"));
});

it("places the language host beside a real file named pulumi, where the engine looks for it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "home-"));
  const engine = join(folder, "built");
  await writeFile(engine, "binary", { mode: 0o755 });
  await makePulumiHome(folder, engine, 4321);
  expect(await readFile(join(folder, "bin", "pulumi"), "utf8")).toBe("binary");
  expect((await stat(join(folder, "bin", "pulumi-language-nodejs"))).mode & 0o111).toBe(0o111);
  const plugin = join(folder, "pulumi-home", "plugins", `resource-aws-v${providerVersion}`);
  expect(await readFile(join(plugin, "port"), "utf8")).toBe("4321");
});
