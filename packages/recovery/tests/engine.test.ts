import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEngine, type Engine } from "../src/engine.ts";
import { EngineLockedError } from "../src/engine-errors.ts";
import { forbidden, moveAllows, passGate, rebuildAllows } from "../src/engine-gate.ts";
import { readPreview } from "../src/engine-preview.ts";
import { databaseUrns } from "../src/engine-state.ts";
import { whenUnlocked } from "../src/engine-unlock.ts";
import { ManualClock } from "./manual-clock.ts";

const urn = (type: string, name: string) =>
  `urn:pulumi:prod-west::standby::standby:database:RegionalDatabase$${type}::${name}`;
const instance = urn("aws:rds/instance:Instance", "database-1");
const record = urn("aws:route53/record:Record", "record");

const preview = (...steps: readonly object[]): string => JSON.stringify({ steps });

describe("the gate before an update", () => {
  it("lets the promotion and the name through", () => {
    const planned = readPreview(
      preview(
        { op: "same", urn: urn("aws:ec2/vpc:Vpc", "v") },
        { op: "read", urn: "urn:pulumi:prod-west::standby::pulumi:pulumi:StackReference::east" },
        { op: "update", urn: instance, detailedDiff: { replicateSourceDb: {}, "tags.a": {} } },
        { op: "update", urn: record, detailedDiff: { "records[0]": {} } },
      ),
    );
    expect(planned.map(({ changed }) => changed)).toEqual([
      ["replicateSourceDb", "tags"],
      ["records"],
    ]);
    expect(() => passGate("prod-west", planned, moveAllows)).not.toThrow();
  });

  it.each([
    ["a replacement", { op: "replace", urn: instance, detailedDiff: { username: {} } }],
    ["a deletion", { op: "delete", urn: record }],
    ["a new resource", { op: "create", urn: instance }],
    ["another property", { op: "update", urn: record, detailedDiff: { ttl: {} } }],
    ["another type", { op: "update", urn: urn("aws:kms/key:Key", "k"), detailedDiff: { p: {} } }],
  ])("stops at %s and names it", (_what, step) => {
    const planned = readPreview(preview(step));
    expect(() => passGate("prod-west", planned, moveAllows)).toThrow(
      new RegExp(`An update of prod-west would do more.*\\n  ${step.op} `),
    );
  });

  it("lets a rebuild create a database and still delete nothing", () => {
    const planned = readPreview(
      preview({ op: "create", urn: instance }, { op: "delete", urn: instance }),
    );
    expect(forbidden(planned, rebuildAllows)).toEqual([
      "delete aws:rds/instance:Instance database-1: this database would be deleted (rule no-deletion)",
    ]);
  });

  it("stops at an allowed operation that breaks a rule of the guard, and names the rule", () => {
    const declared = (backupRetentionPeriod: number) => ({
      protect: true,
      inputs: {
        backupRetentionPeriod,
        deletionProtection: true,
        finalSnapshotIdentifier: "orders-prod-2-final",
        kmsKeyId: "key",
        storageEncrypted: true,
      },
    });
    const planned = (days: number) =>
      readPreview(preview({ op: "create", urn: instance, newState: declared(days) }));
    expect(forbidden(planned(7), rebuildAllows)).toEqual([]);
    expect(forbidden(planned(0), rebuildAllows)).toEqual([
      expect.stringMatching(/^create .* database-1: .*\(rule backups-on\)$/),
    ]);
  });
});

const locked = (pid: number, host = hostname()) =>
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
    `  file:///s/.pulumi/locks/organization/standby/prod-west/x.json: created by ann@${host} (pid ${pid}) at 2026-11-24T03:12:44Z`,
  ].join("\n");

describe("the engine's binary", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const signal = new AbortController().signal;

  /** A stand-in for the binary: what it prints, and how it ends. */
  async function engine(script: string, environment: Readonly<Record<string, string>> = {}) {
    const binary = join(folder, "pulumi");
    await writeFile(binary, `#!/bin/bash\necho "$@" >> ${folder}/words\n${script}\n`);
    await chmod(binary, 0o755);
    return createEngine({ projectFolder: folder, binary, environment });
  }

  it("reads of a state what exists and what was left pending, and no property", async () => {
    const text = JSON.stringify({
      deployment: {
        resources: [{ urn: instance, type: "aws:rds/instance:Instance", id: "db-1", inputs: {} }],
        pending_operations: [{ type: "updating", resource: { urn: instance, inputs: {} } }],
      },
    });
    const state = await (await engine(`echo '${text}'`)).state("prod-west", signal);
    expect(databaseUrns(state)).toEqual([instance]);
    expect(state.pendingOperations).toEqual([{ urn: instance, operation: "updating" }]);
    expect(JSON.stringify(state)).not.toContain("inputs");
  });

  it("shows the engine's errors, without what the environment holds of secrets", async () => {
    const failing = await engine(
      `echo "  error: bad passphrase $PULUMI_CONFIG_PASSPHRASE"; exit 255`,
      {
        PULUMI_CONFIG_PASSPHRASE: "correct horse",
      },
    );
    await expect(failing.up("prod-west", {}, signal)).rejects.toThrow(
      /pulumi up -s prod-west .* failed with exit code 255\.\n {2}error: bad passphrase \[secret\]$/,
    );
  });

  it("says who holds the stack", async () => {
    const held = await engine(`echo '${locked(42, "laptop-b").replaceAll("'", "")}'; exit 255`);
    await expect(held.up("prod-west", {}, signal)).rejects.toMatchObject({
      name: "EngineLockedError",
      lock: { owner: "ann@laptop-b (pid 42)", since: "2026-11-24T03:12:44Z" },
    });
  });

  it("stops an update that does not end in time, and one that is interrupted, with one SIGINT", async () => {
    const slow = await engine(`trap 'echo interrupted > ${folder}/trap; exit 1' INT
      while :; do sleep 0.05; done`);
    await expect(slow.up("prod-west", { deadlineSeconds: 0.3 }, signal)).rejects.toThrow(
      /did not end within 0.3 s and was stopped/,
    );
    const abort = new AbortController();
    const running = slow.up("prod-west", {}, abort.signal);
    setTimeout(() => abort.abort(new Error("interrupted by SIGINT")), 200);
    await expect(running).rejects.toThrow("interrupted by SIGINT");
  });
});

describe("an update whose command is killed with -9", () => {
  it("goes on to its end", async () => {
    const folder = await mkdtemp(join(tmpdir(), "engine-"));
    const [binary, command] = [join(folder, "pulumi"), join(folder, "command.ts")];
    const has = (file: string) =>
      access(join(folder, file)).then(
        () => true,
        () => false,
      );
    await writeFile(
      binary,
      `#!/bin/bash
touch ${folder}/started
until [ -e ${folder}/killed ]; do sleep 0.05; done
for i in 1 2 3; do echo "line $i" || exit 1; sleep 0.05; done
touch ${folder}/ended`,
    );
    await chmod(binary, 0o755);
    await writeFile(
      command,
      `import { createEngine } from ${JSON.stringify(join(import.meta.dirname, "../src/engine.ts"))};
await createEngine({ projectFolder: ${JSON.stringify(folder)}, binary: ${JSON.stringify(binary)} })
  .up("prod-west", {}, new AbortController().signal);`,
    );
    const child = spawn(process.execPath, [command], {
      stdio: "ignore",
      env: { ...process.env, TMPDIR: folder },
    });
    await expect.poll(() => has("started"), { timeout: 15_000 }).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    await writeFile(join(folder, "killed"), "");
    await expect.poll(() => has("ended"), { timeout: 15_000 }).toBe(true);
    await rm(folder, { recursive: true });
  });
});

describe("a locked stack", () => {
  const setting = (pid: number, host: string, gone: boolean, mayCancel = true) => {
    const calls: string[] = [];
    let attempts = 0;
    const clock = new ManualClock();
    clock.rushing = true;
    const engine = { cancel: async () => void calls.push("cancel") } as unknown as Engine;
    const work = async () => {
      attempts += 1;
      if (attempts > 2) return "done";
      throw new EngineLockedError("pulumi up", {
        owner: `ann@${host} (pid ${pid})`,
        host,
        pid,
        since: undefined,
      });
    };
    const running = whenUnlocked(work, {
      engine,
      stack: "prod-west",
      clock,
      signal: new AbortController().signal,
      mayCancel: async () => mayCancel,
      report: (line) => calls.push(line),
      isGone: () => gone,
    });
    return { calls, running };
  };

  it("is waited for while its update runs on this machine", async () => {
    const { calls, running } = setting(42, hostname(), false);
    expect(await running).toBe("done");
    expect(calls).toEqual([
      `prod-west is being updated by ann@${hostname()} (pid 42): waiting for it.`,
    ]);
  });

  it("has a dead update's lock removed, when that is allowed", async () => {
    const { calls, running } = setting(42, hostname(), true);
    expect(await running).toBe("done");
    expect(calls).toContain("cancel");
    const { calls: none, running: refused } = setting(42, hostname(), true, false);
    await expect(refused).rejects.toMatchObject({ name: "RefusedError" });
    expect(none).toEqual([]);
  });

  it("is left alone when its update may run on another machine", async () => {
    const { calls, running } = setting(42, "laptop-b", true);
    await expect(running).rejects.toThrow(/locked by ann@laptop-b \(pid 42\); from here nobody/);
    expect(calls).toEqual([]);
  });
});
