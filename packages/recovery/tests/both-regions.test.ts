import { afterEach, beforeEach, expect, it } from "vitest";
import { RefusedError } from "../src/errors.ts";
import { planRebuild } from "../src/rebuild.ts";
import { planSwitchover } from "../src/switchover.ts";
import { type FakePair, fakePair } from "./support/fake-pair.ts";

const signal = new AbortController().signal;
let pair: FakePair;
beforeEach(async () => {
  pair = await fakePair();
});
afterEach(() => pair[Symbol.asyncDispose]());

it.each<[string, (pair: FakePair) => Promise<unknown>]>([
  ["switchover", ({ context, run }) => planSwitchover(context, run, signal)],
  ["rebuild", ({ context }) => planRebuild(context, {}, signal)],
])("a %s is refused while a Region is dark, and says which one", async (_, plan) => {
  const databases = pair.context.actions.databases;
  pair.context.actions.databases = async (region, within) => {
    if (region === "us-east-1")
      throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
    return await databases(region, within);
  };
  const error = await plan(pair).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RefusedError);
  expect(error).toMatchObject({
    message: expect.stringContaining("us-east-1 does not answer"),
    findings: [{ code: "region-unreachable", remedy: ["standby preflight", "standby failover"] }],
  });
});

it("hands on an error that is an answer", async () => {
  pair.context.actions.databases = async () => {
    throw Object.assign(new Error("no"), { name: "AccessDenied" });
  };
  await expect(planRebuild(pair.context, {}, signal)).rejects.toThrow("no");
});
