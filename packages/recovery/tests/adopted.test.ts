import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failover } from "../src/failover.ts";
import type { MoveContext } from "../src/move.ts";
import { rebuild } from "../src/rebuild.ts";
import { switchover } from "../src/switchover.ts";
import { east, type FakePair, fakePair } from "./support/fake-pair.ts";

describe("a pair whose source was there before the program", () => {
  let pair: FakePair;
  let context: MoveContext;
  beforeEach(async () => {
    pair = await fakePair();
    const index = pair.world.databases.findIndex(({ region }) => region === east);
    const source = pair.world.databases[index];
    if (source) pair.world.databases[index] = { ...source, identifier: "legacy", generation: 0 };
    const { deployment } = pair.context;
    const { primary } = deployment;
    const database = { ...primary.database, identifier: "legacy" };
    context = {
      ...pair.context,
      deployment: { ...deployment, primary: { ...primary, database } },
    };
  });
  afterEach(() => pair[Symbol.asyncDispose]());

  it("fails over without a fence: its parameter group may be other databases' too, and its stack would refuse the flag", async () => {
    const report = await failover(context, {}, pair.run);
    expect(pair.done.filter((act) => act.startsWith("fence"))).toEqual([]);
    expect(pair.done).toContain("promote orders-prod-1 us-west-2");
    expect((await pair.flags("prod-east"))["fenced"]).not.toBe("true");
    expect(pair.said).toContain(
      "legacy in us-east-1 still answers and was adopted: it is not fenced, and may go on taking writes.",
    );
    expect(report.next[0]).toMatch(/^legacy in us-east-1 was adopted and is not fenced/);
    expect(report.next[1]).toMatch(/ Pulumi\.prod-west\.yaml && git push$/);
  });

  it.each([
    ["switchover", () => switchover(context, pair.run)],
    ["rebuild", () => rebuild(context, {}, pair.run)],
  ])("refuses a %s before anything is changed, and says why", async (move, run) => {
    await expect(run()).rejects.toThrow(
      `legacy in us-east-1 was adopted: its parameter group is not this program's, so a ${move} cannot fence it.`,
    );
    expect(pair.done).toEqual([]);
  });
});
