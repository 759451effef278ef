import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RecoveryError } from "../src/errors.ts";
import { settleCreations } from "../src/settle-creations.ts";
import { database, east, type FakePair, fakePair } from "./support/fake-pair.ts";

const signal = new AbortController().signal;
const creation = (type: string, physicalName?: string) => ({
  urn: `a::b::c::${physicalName ?? "component"}`,
  type,
  physicalName,
  isComponent: physicalName === undefined,
});
const instance = creation("aws:rds/instance:Instance", "orders-prod-2");

describe("what a killed engine had begun to create", () => {
  let pair: FakePair;
  const said: string[] = [];
  beforeEach(async () => {
    pair = await fakePair();
    said.length = 0;
  });
  afterEach(() => pair[Symbol.asyncDispose]());
  const settle = () =>
    settleCreations("prod-east", 60, pair.context, (line) => said.push(line), signal);

  it("is nothing after an update that came to its end", async () => {
    expect(await settle()).toBe(false);
    expect(pair.done).toEqual([]);
  });

  it("is taken into the state when it exists, as soon as RDS has made it", async () => {
    pair.pending.push(instance, creation("standby:database:RegionalDatabase"));
    pair.world.databases.push(database(east, { generation: 2, status: "creating" }));
    const sleep = pair.context.clock.sleep;
    pair.context.clock.sleep = async (...words) => {
      const index = pair.world.databases.findIndex(({ generation }) => generation === 2);
      pair.world.databases[index] = database(east, { generation: 2 });
      await sleep.call(pair.context.clock, ...words);
    };
    const acts: string[] = [];
    pair.onAct = (act) => void acts.push(act);
    expect(await settle()).toBe(true);
    expect(acts).toEqual([
      "settle prod-east a::b::c::orders-prod-2 db-us-east-1-2",
      "refresh prod-east",
    ]);
    expect(said).toEqual([
      "orders-prod-2 in us-east-1 was made by an update that was killed: it is creating.",
    ]);
  });

  it("is forgotten when it does not exist", async () => {
    pair.pending.push(instance);
    expect(await settle()).toBe(true);
    expect(pair.done[0]).toBe("settle prod-east ");
  });

  it("is made again where one that exists would be in nobody's way", async () => {
    pair.pending.push(
      creation("aws:ec2/securityGroup:SecurityGroup", "database-2-access-0a1b2c3"),
      creation("aws:rds/parameterGroup:ParameterGroup", "orders-prod-2-1a2b3c4"),
    );
    expect(await settle()).toBe(true);
    expect(pair.done[0]).toBe(
      "settle prod-east a::b::c::orders-prod-2-1a2b3c4 orders-prod-2-1a2b3c4",
    );
    expect(said).toEqual([expect.stringContaining("database-2-access-0a1b2c3")]);
  });

  it("is left to a person when nobody can tell from here", async () => {
    pair.pending.push(creation("aws:ec2/subnet:Subnet", "database-2"));
    await expect(settle()).rejects.toMatchObject({
      name: RecoveryError.name,
      message: expect.stringContaining("database-2; whether they exist"),
      next: expect.arrayContaining([expect.stringContaining("pulumi refresh -s prod-east")]),
    });
    expect(pair.done).toEqual([]);
  });
});
