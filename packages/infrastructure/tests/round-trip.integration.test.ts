import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OrdersByHand, untilInSync } from "./support/orders-by-hand.ts";
import { deployPair, mutating, type Pair, west } from "./support/pair.ts";
import { deleteByHand, promoteByHand } from "./support/rds-by-hand.ts";

const [eastRegion, westRegion] = ["us-east-1", "us-west-2"];
const arn = (region: string, identifier: string): string =>
  `arn:aws:rds:${region}:123456789012:db:${identifier}`;
const group = "aws:rds/parameterGroup:ParameterGroup";
const instance = "aws:rds/instance:Instance";
const record = "aws:route53/record:Record";
const secondEast = "orders-prod-2 in us-east-1";
const secondWest = "orders-prod-2 in us-west-2";
const readOnly = { errno: 1290 };

describe("there and back again, by flags and the API's promotion", () => {
  let pair: Pair;
  let orders: OrdersByHand;
  beforeAll(async () => {
    pair = await deployPair();
    orders = new OrdersByHand(pair.cloud);
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  const expectGreen = async (stack: string) => {
    const run = await pair.up(stack);
    if (run.exitCode !== 0) throw new Error(run.text);
    return run;
  };
  const expectNothingLeft = async (...stacks: readonly string[]) => {
    for (const stack of stacks) expect(await pair.preview(stack)).toEqual([]);
  };
  const expectRefusal = async (stack: string, text: string) => {
    const run = await pair.up(stack);
    expect(run.exitCode).not.toBe(0);
    expect(run.text).toContain(text);
  };
  const untilRecord = (target: string) =>
    expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(target);
  const untilCaughtUp = async (identifier: string, region: string, texts: readonly string[]) =>
    expect.poll(() => orders.written(identifier, region), { timeout: 20_000 }).toEqual(texts);

  it("fails over while us-east-1 is lost", async () => {
    await orders.write("a, before the loss");
    await untilCaughtUp("orders-prod-1", westRegion, ["a, before the loss"]);
    await pair.cloud.lose(eastRegion, "hang");
    await pair.setFlag("failover", true);
    await expectGreen("prod-west");
    await untilRecord(west);
    await orders.write("b, after the failover");
    await expectNothingLeft("prod-west");
  });

  it("fences the source when it returns: one update of its parameter group, and the master user's write is refused", async () => {
    await pair.cloud.restore(eastRegion);
    expect((await expectGreen("prod-east")).text).toContain(
      "orders-prod-1 in us-east-1 is not fenced",
    );
    // Split brain, as it is without a fence.
    await orders.write("x, lost", "orders-prod-1", eastRegion);

    await pair.configure("prod-east", { fenced: "true" });
    expect(await pair.preview("prod-east")).toEqual([
      { operation: "update", type: group, changed: ["parameters"] },
    ]);
    await expectGreen("prod-east");
    await untilInSync(pair.cloud, eastRegion, "orders-prod-1");
    await expect(orders.write("y", "orders-prod-1", eastRegion)).rejects.toMatchObject(readOnly);
    await orders.write("c, beside the fence");
    await expectNothingLeft("prod-east", "prod-west");

    await pair.configure("prod-east", { fenced: "false" });
    await expectRefusal("prod-east", "standby:fenced: would let orders-prod-1 take writes");
  });

  it("builds the next generation beside the older one, which stays fenced though the flag is off", async () => {
    await pair.configure("prod-east", { replicateFrom: arn(westRegion, "orders-prod-1") });
    const steps = await pair.preview("prod-east");
    // The probe looks at the Region's newest database; the application's function stays as it is.
    expect(steps.filter(({ operation }) => operation !== "create")).toEqual([
      { operation: "update", type: "aws:lambda/function:Function", changed: ["environment"] },
    ]);
    expect(steps.filter(({ type }) => type === instance)).toHaveLength(1);
    await expectGreen("prod-east");
    await expectNothingLeft("prod-east", "prod-west");
    await untilCaughtUp("orders-prod-2", eastRegion, [
      "a, before the loss",
      "b, after the failover",
      "c, beside the fence",
    ]);
    for (const identifier of ["orders-prod-1", "orders-prod-2"])
      await expect(orders.write("z", identifier, eastRegion)).rejects.toMatchObject(readOnly);
    expect(await pair.recordTarget()).toBe(west);
  });

  it("returns home without losing a write: fence, catch up, promote by API, move the CNAME", async () => {
    await pair.configure("prod-west", { failover: "false" });
    await expectRefusal("prod-west", "standby:failover: this Region's database was promoted");
    await pair.configure("prod-west", { fenced: "true" });
    expect((await expectGreen("prod-west")).text).toContain("nobody can write meanwhile");
    await untilInSync(pair.cloud, westRegion, "orders-prod-1");
    await expect(orders.write("z")).rejects.toMatchObject(readOnly);
    expect(await pair.recordTarget()).toBe(west);
    await expectNothingLeft("prod-east", "prod-west");

    await promoteByHand(pair.cloud, eastRegion, "orders-prod-2");
    expect(await pair.preview("prod-west")).toEqual([
      { operation: "update", type: instance, changed: ["tags", "tagsAll"] },
      { operation: "update", type: record, changed: ["records"] },
    ]);
    await expectGreen("prod-west");
    await untilRecord(secondEast);
    await orders.write("d, at home");
    await expectGreen("prod-east");
    await expectNothingLeft("prod-east", "prod-west");
  });

  it("refuses to fail over onto the database that was left, and to unfence it", async () => {
    await pair.configure("prod-west", { fenced: "false" });
    await expectRefusal("prod-west", "standby:fenced: would let orders-prod-1 take writes");
    await pair.configure("prod-west", { failover: "true" });
    await expectRefusal("prod-west", "standby:failover: orders-prod-1 was promoted by somebody");
    await pair.configure("prod-west", { failover: "false" });
    expect(await pair.recordTarget()).toBe(secondEast);
  });

  it("makes the recovery Region a standby again", async () => {
    await pair.configure("prod-west", { replicateFrom: arn(eastRegion, "orders-prod-2") });
    const steps = await pair.preview("prod-west");
    // The probe looks at the Region's newest database; the application's function stays as it is.
    expect(steps.filter(({ operation }) => operation !== "create")).toEqual([
      { operation: "update", type: "aws:lambda/function:Function", changed: ["environment"] },
    ]);
    await expectGreen("prod-west");
    await expectNothingLeft("prod-east", "prod-west");
    await untilCaughtUp("orders-prod-2", westRegion, [
      "a, before the loss",
      "b, after the failover",
      "c, beside the fence",
      "d, at home",
    ]);
    expect(await pair.recordTarget()).toBe(secondEast);
  });

  it("fails over a second time, and still refuses the way back to what it left", async () => {
    await pair.cloud.lose(eastRegion, "hang");
    await pair.setFlag("failover", true);
    expect(await pair.preview("prod-west")).toEqual([
      { operation: "update", type: instance, changed: ["replicateSourceDb", "tags", "tagsAll"] },
      { operation: "update", type: record, changed: ["records"] },
    ]);
    await expectGreen("prod-west");
    await untilRecord(secondWest);
    await orders.write("e, after the second failover");
    expect(await orders.written("orders-prod-2", westRegion)).toHaveLength(5);
    await expectNothingLeft("prod-west");

    await pair.cloud.restore(eastRegion);
    await pair.configure("prod-west", { failover: "false", fenced: "true" });
    await expectRefusal("prod-west", "orders-prod-2 of the primary Region was not made from it");
    await pair.configure("prod-west", { failover: "true", fenced: "false" });
    await expectNothingLeft("prod-west");
  });

  it("has replaced and deleted nothing in all this", () => {
    const changes = mutating(pair.operations());
    expect(changes.filter((change) => /:Delete/.test(change))).toEqual([]);
    expect(changes.filter((change) => change === "rds:CreateDBInstance")).toHaveLength(1);
    expect(changes.filter((change) => change === "rds:CreateDBInstanceReadReplica")).toHaveLength(
      3,
    );
  });

  it("lets go of an older generation when somebody has deleted it", async () => {
    await deleteByHand(pair.cloud, westRegion, "orders-prod-1");
    expect((await pair.up("prod-west")).text).toContain("protect");
    const run = await pair.up("prod-west", "--refresh");
    expect(run).toMatchObject({ exitCode: 0 });
    await expectNothingLeft("prod-west");
    expect(await pair.recordTarget()).toBe(secondWest);
  });
});
