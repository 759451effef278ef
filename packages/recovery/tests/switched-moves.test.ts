import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failover, planFailover } from "../src/failover.ts";
import { failoverReadOnly } from "../src/failover-read-only.ts";
import { rebuild } from "../src/rebuild.ts";
import { switchover } from "../src/switchover.ts";
import { east, type FakePair, fakePair } from "./support/fake-pair.ts";

let pair: FakePair;
beforeEach(async () => {
  pair = await fakePair();
  pair.world.dnsSwitch = "health-check";
});
afterEach(() => pair[Symbol.asyncDispose]());

const failOver = () => failover(pair.context, {}, pair.run);

describe("with dnsSwitch health-check", () => {
  it("a failover promotes, moves the name by the update, and publishes it at once", async () => {
    pair.world.dark.add(east);
    const { next } = await failOver();
    expect(next.join("\n")).toContain("pulumi config set pinned true -s prod-west && pulumi up");
    expect(pair.done).toEqual([
      "tag orders-prod-1 us-west-2",
      "promote orders-prod-1 us-west-2",
      "up prod-west",
      "publish",
      "application-write us-west-2",
    ]);
    expect(await pair.flags("prod-west")).not.toHaveProperty("pinned");
  });

  it("a failover asks again while the function still says what it was told before", async () => {
    pair.world.publishesLate = 2;
    await failOver();
    expect(pair.done.filter((act) => act === "publish")).toHaveLength(3);
  });

  it("a failover goes on when nothing is published at once, and says so", async () => {
    pair.onAct = (act) => {
      if (act === "publish") throw new Error("the function is gone");
    };
    await failOver();
    expect(pair.done).toContain("application-write us-west-2");
    expect(pair.said.join("\n")).toContain("Not published at once: the function is gone");
  });

  it("a failover's plan has the publication as a line for a shell", async () => {
    const { steps } = await planFailover(pair.context, {}, pair.run.signal);
    const step = steps.find(({ id }) => id === "publish-name");
    expect(step?.byHand.join("\n")).toContain(
      "aws lambda invoke --function-name orders-prod-dns-switch --region us-west-2",
    );
  });

  it("a failover for reading publishes as well", async () => {
    await failoverReadOnly(pair.context, pair.run);
    expect(pair.done).toContain("publish");
  });

  it("a rebuild pins the name where it is, and the way home takes that back", async () => {
    await failOver();
    await rebuild(pair.context, {}, pair.run);
    expect(await pair.flags("prod-west")).toMatchObject({ pinned: "true", failover: "true" });
    pair.done.length = 0;
    await switchover(pair.context, pair.run);
    expect(await pair.flags("prod-west")).toMatchObject({ pinned: "false", failover: "false" });
    expect(pair.done.indexOf("publish")).toBe(pair.done.indexOf("up prod-west") + 1);
  });
});

it("with dnsSwitch record nothing is published and nothing is pinned", async () => {
  pair.world.dnsSwitch = "record";
  await failOver();
  await rebuild(pair.context, {}, pair.run);
  await switchover(pair.context, pair.run);
  expect(pair.done).not.toContain("publish");
  expect(await pair.flags("prod-west")).not.toHaveProperty("pinned");
});
