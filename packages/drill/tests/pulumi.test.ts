import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { CommandError } from "../src/command-run.ts";
import { Pulumi } from "../src/pulumi.ts";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** A `pulumi` that runs the given shell lines; "$@" is what it was asked. */
async function engine(script: string, signal = new AbortController().signal) {
  const folder = await mkdtemp(join(tmpdir(), "fake-engine-"));
  folders.push(folder);
  await writeFile(join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, "pulumi"), 0o755);
  const environment = { PATH: `${folder}:/usr/bin:/bin`, PULUMI_CONFIG_PASSPHRASE: "open sesame" };
  return { folder, pulumi: new Pulumi({ projectFolder: folder, environment, signal }) };
}

const failure = async (work: Promise<unknown>): Promise<CommandError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CommandError)) throw new TypeError("expected a CommandError");
  return error;
};

it("asks the engine for an update without questions and without colour", async () => {
  const { folder, pulumi } = await engine('echo "$@" > words');
  await pulumi.up("prod-west", { skipPreview: true });
  expect(await readFile(join(folder, "words"), "utf8")).toBe(
    "up --stack prod-west --yes --suppress-outputs --skip-preview --non-interactive --color never\n",
  );
});

it("sets the flag in a copy when it is given one", async () => {
  const { folder, pulumi } = await engine('echo "$@" > words');
  await pulumi.setFlag("prod-west", "failover", true, "/copy.yaml");
  expect(await readFile(join(folder, "words"), "utf8")).toContain(
    "config set failover true --stack prod-west --config-file /copy.yaml",
  );
});

it("gives the engine nothing of the person's own environment", async () => {
  process.env["AWS_PROFILE"] = "somebody";
  try {
    const { folder, pulumi } = await engine("env > variables");
    await pulumi.outputs("prod-east");
    expect(await readFile(join(folder, "variables"), "utf8")).not.toContain("AWS_PROFILE");
  } finally {
    delete process.env["AWS_PROFILE"];
  }
});

it("reports a failure with the exit code and the engine's last lines, secrets masked", async () => {
  const { pulumi } = await engine(
    'for i in $(seq 40); do echo "line $i"; done; echo "error: open sesame" >&2; exit 255',
  );
  const error = await failure(pulumi.up("prod-west"));
  expect(error.exitCode).toBe(255);
  expect(error.message).toMatch(
    /^pulumi up --stack prod-west --yes --suppress-outputs failed with exit code 255/,
  );
  expect(error.message).toContain("line 40");
  expect(error.message).not.toContain("line 10\n");
  expect(error.message).toContain("error: [secret]");
  expect(error.message).not.toContain("open sesame");
});

it("tells changes in a run that should have none from a run that failed", async () => {
  const changed = await engine(
    "echo 'error: no changes were expected for update but changes were proposed'; exit 1",
  );
  expect(await changed.pulumi.upChangesSomething("prod-west")).toBe(true);
  const quiet = await engine("exit 0");
  expect(await quiet.pulumi.upChangesSomething("prod-west")).toBe(false);
  const broken = await engine("echo 'error: the stack is currently locked'; exit 1");
  await failure(broken.pulumi.upChangesSomething("prod-west"));
});

it("stops an engine that takes too long and says so", async () => {
  const { pulumi } = await engine("exec sleep 60");
  const error = await failure(pulumi.up("prod-west", { timeoutSeconds: 0.2 }));
  expect(error.message).toContain("did not end within 0.2 s and was stopped");
});

it("ends the engine with an interrupt when it is aborted", async () => {
  const interruption = new AbortController();
  const { folder, pulumi } = await engine(
    "trap 'touch interrupted; exit 130' INT; touch started; while :; do sleep 0.05; done",
    interruption.signal,
  );
  const running = pulumi.up("prod-west");
  await expect.poll(() => readFile(join(folder, "started")).then(Boolean, () => false)).toBe(true);
  interruption.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(await readFile(join(folder, "interrupted"), "utf8")).toBe("");
});

it("says what to run when there is no engine", async () => {
  const environment = { PATH: "/nowhere" };
  const { signal } = new AbortController();
  const pulumi = new Pulumi({ projectFolder: tmpdir(), environment, signal });
  expect((await failure(pulumi.up("prod-west"))).message).toContain("node tools/bootstrap.mjs");
});
