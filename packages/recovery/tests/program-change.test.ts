import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { programDigest } from "@standby/topology";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RefusedError } from "../src/errors.ts";
import { failover, planFailover } from "../src/failover.ts";
import { failoverReadOnly } from "../src/failover-read-only.ts";
import { readProgramChange } from "../src/program-change.ts";
import { planRebuild, rebuild } from "../src/rebuild.ts";
import { startLook } from "../src/seen.ts";
import { planSwitchover, switchover } from "../src/switchover.ts";
import { type FakePair, fakePair } from "./support/fake-pair.ts";
import { deployment } from "./support/observation.ts";

const signal = new AbortController().signal;

describe("the program of this checkout", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "standby-program-"));
    await write("packages/infrastructure/src/components/a.ts", "one");
    await write("packages/topology/src/index.ts", "two");
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const deployed = () =>
    programDigest(
      new Map([
        ["infrastructure/components/a.ts", "one"],
        ["topology/index.ts", "two"],
      ]),
    );
  const readAgainst = (programDigest: string | undefined) => {
    const { programDigest: _, ...recovery } = deployment.recovery;
    const outputs = programDigest === undefined ? recovery : { ...recovery, programDigest };
    return readProgramChange({ ...deployment, recovery: outputs }, folder, startLook(signal, 5));
  };

  it("is the deployed one, whatever else lies in its folders", async () => {
    await write("packages/infrastructure/src/notes.md", "three");
    expect(await readAgainst(await deployed())).toMatchObject({
      seen: true,
      value: { isSame: true },
    });
  });

  it("is another one when a source differs", async () => {
    await write("packages/infrastructure/src/components/a.ts", "changed");
    expect(await readAgainst(await deployed())).toMatchObject({
      seen: true,
      value: { isSame: false },
    });
  });

  it("is not judged by an update that did not say which program it was", async () => {
    expect(await readAgainst(undefined)).toMatchObject({
      seen: false,
      problem: { kind: "skipped", message: expect.stringContaining("prod-west") },
    });
  });
});

describe("another program than the deployed one", () => {
  let pair: FakePair;
  beforeEach(async () => {
    pair = await fakePair();
    pair.world.programChange = { isSame: false, deployedCommit: "0123456789abcdef" };
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  it.each<[string, (pair: FakePair) => Promise<unknown>]>([
    ["failover", ({ context, run }) => failover(context, {}, run)],
    ["failover --read-only", ({ context, run }) => failoverReadOnly(context, run)],
    ["failover --dry-run", ({ context }) => planFailover(context, {}, signal)],
    ["switchover", ({ context, run }) => switchover(context, run)],
    ["switchover --dry-run", ({ context, run }) => planSwitchover(context, run, signal)],
    ["rebuild", ({ context, run }) => rebuild(context, {}, run)],
    ["rebuild --dry-run", ({ context }) => planRebuild(context, {}, signal)],
  ])("is refused by %s, which changes nothing", async (_, move) => {
    const error = await move(pair).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RefusedError);
    expect((error as RefusedError).findings).toMatchObject([
      {
        code: "program-differs",
        remedy: ["git restore --source 0123456789ab -- packages apps", expect.any(String)],
      },
    ]);
    expect(pair.done).toEqual([]);
  });
});
