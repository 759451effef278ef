import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { fakeTerminal } from "./support/terminal.ts";

const urn = "urn:pulumi:prod-west::standby::aws:kms/key:Key::secret-key";
const deletion = JSON.stringify({ steps: [{ op: "delete", urn, oldState: { id: "key-1" } }] });
const nothing = JSON.stringify({ steps: [{ op: "same", urn, newState: { protect: true } }] });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "guard-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function guard(plan: string, ...words: readonly string[]) {
  const { terminal, stdout, stderr } = fakeTerminal();
  const stdin = Readable.from([plan]) as unknown as NodeJS.ReadStream;
  const code = await run(["guard", ...words], { ...terminal, stdin });
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

it("lets a plan pass that loses nothing, from standard input and from a file", async () => {
  expect(await guard(nothing)).toMatchObject({ code: 0 });
  const file = join(folder, "plan.json");
  await writeFile(file, nothing);
  expect(await guard("", file)).toMatchObject({ code: 0 });
});

it("refuses one that does with exit code 3, and names resource and rule", async () => {
  const { code, stdout } = await guard(deletion);
  expect(code).toBe(3);
  expect(stdout).toContain("no-deletion  secret-key (aws:kms/key:Key)");
  const { stdout: json } = await guard(deletion, "--json");
  expect(JSON.parse(json)).toMatchObject({
    ok: false,
    violations: [{ rule: "no-deletion", resource: "secret-key" }],
  });
});

it("lets pass what was allowed by rule and resource, and nothing else", async () => {
  expect((await guard(deletion, "--allow", "no-deletion:secret-key")).code).toBe(0);
  expect((await guard(deletion, "--allow", "no-deletion:another")).code).toBe(3);
  expect((await guard(deletion, "--allow", "protected:secret-key")).code).toBe(3);
});

it("does not take an engine's error, or a file that is missing, for a plan without faults", async () => {
  const failed = await guard("error: the passphrase is hunter2");
  expect(failed.code).toBe(2);
  expect(failed.stderr).not.toContain("hunter2");
  expect((await guard("", join(folder, "none.json"))).code).toBe(2);
});
