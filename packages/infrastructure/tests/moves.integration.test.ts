import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deployPair, east, mutating, type Pair, west } from "./support/pair.ts";
import { deleteByHand, promoteByHand, rdsByHand, untilStatus } from "./support/rds-by-hand.ts";

const identifier = "orders-prod-1";
const recovery = "us-west-2";

/** The update is refused: the key and the way on are printed, the state is the same, and nothing that changes anything was called. */
async function expectRefusal(pair: Pair, stack: string, ...texts: readonly string[]) {
  const before = await pair.state(stack);
  const after = pair.cloud.calls().length;
  const run = await pair.up(stack);
  expect(run.exitCode).not.toBe(0);
  for (const text of [`Stack ${stack} is refused, nothing was changed`, ...texts])
    expect(run.text).toContain(text);
  expect(await pair.state(stack)).toEqual(before);
  expect(mutating(pair.operations({ after }))).toEqual([]);
}

describe("a replica that somebody else promoted", () => {
  it("is left alone with a warning, not failed over to, and moved to by whoever names the loss", async () => {
    await using pair = await deployPair();
    await promoteByHand(pair.cloud, recovery, identifier);

    const ordinary = await pair.up("prod-west");
    expect(ordinary).toMatchObject({ exitCode: 0 });
    expect(ordinary.text).toContain("do not count on a failover of prod-west");
    const refreshed = await pair.up("prod-west", "--refresh");
    expect(refreshed).toMatchObject({ exitCode: 0 });
    expect(await pair.preview("prod-west")).toEqual([]);
    expect(await pair.recordTarget()).toBe(east);

    await pair.setFlag("readOnlyFailover", true);
    await expectRefusal(pair, "prod-west", "standby:readOnlyFailover:", "pulumi config set");
    await pair.setFlag("readOnlyFailover", false);
    await pair.setFlag("failover", true);
    const command = `pulumi config set acceptDataLoss ${identifier} -s prod-west`;
    await expectRefusal(pair, "prod-west", "standby:failover:", command);
    expect(await pair.recordTarget()).toBe(east);

    await pair.pulumi("config", "set", "acceptDataLoss", identifier, "-s", "prod-west");
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(west);
    expect(await pair.preview("prod-west")).toEqual([]);
  });
});

describe("a replica that is gone, renamed or busy", () => {
  it("is made again by a refreshed update, which the update before it asks for", async () => {
    await using pair = await deployPair();
    await deleteByHand(pair.cloud, recovery, identifier);
    await pair.setFlag("failover", true);
    await expectRefusal(pair, "prod-west", "standby:failover:", "failover false -s prod-west");
    await pair.setFlag("failover", false);

    const warned = await pair.up("prod-west");
    expect(warned).toMatchObject({ exitCode: 0 });
    expect(warned.text).toContain("pulumi up --refresh -s prod-west");
    expect(await pair.up("prod-west", "--refresh")).toMatchObject({ exitCode: 0 });
    await untilStatus(pair.cloud, recovery, identifier, "available");
    const quiet = await pair.up("prod-west");
    expect(quiet.text).not.toContain("no longer exists");
    expect(await pair.recordTarget()).toBe(east);
  });

  it("is refused under another name, and goes on under its own", async () => {
    await using pair = await deployPair();
    const rename = async (from: string, to: string) => {
      await rdsByHand(pair.cloud, recovery, "ModifyDBInstance", {
        DBInstanceIdentifier: from,
        NewDBInstanceIdentifier: to,
        ApplyImmediately: "true",
      });
      await untilStatus(pair.cloud, recovery, to, "available");
    };
    await rename(identifier, "orders-prod-1-old");
    await pair.setFlag("failover", true);
    await expectRefusal(
      pair,
      "prod-west",
      "standby:service:",
      "--db-instance-identifier orders-prod-1-old --new-db-instance-identifier orders-prod-1 ",
    );
    await rename("orders-prod-1-old", identifier);
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(west);
  });

  it("is not promoted while RDS modifies it; the CNAME stays, and the printed command goes on", async () => {
    await using pair = await deployPair();
    pair.cloud.addFault({
      service: "rds",
      operation: "PromoteReadReplica",
      kind: "refuse",
      errorCode: "InvalidDBInstanceState",
      times: 1,
    });
    await pair.setFlag("failover", true);
    expect((await pair.up("prod-west")).exitCode).not.toBe(0);
    const told = await pair.up("prod-west");
    expect(await pair.recordTarget()).toBe(east);
    const urn = /--target '(\S+)'/.exec(told.text)?.[1] ?? "";
    await pair.pulumi("refresh", "-s", "prod-west", "--yes", "--target", urn);
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(west);
  });

  it("stays a replica when the flag is taken back after a promotion that failed", async () => {
    await using pair = await deployPair();
    pair.cloud.addFault({
      service: "rds",
      operation: "PromoteReadReplica",
      kind: "refuse",
      errorCode: "InvalidDBInstanceState",
      times: 1,
    });
    await pair.setFlag("failover", true);
    expect((await pair.up("prod-west")).exitCode).not.toBe(0);
    await pair.setFlag("failover", false);
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    expect(await pair.up("prod-west", "--refresh")).toMatchObject({ exitCode: 0 });
    expect(await pair.preview("prod-west")).toEqual([]);
    expect(await pair.recordTarget()).toBe(east);
  });
});

describe("a failover without anything of the primary Region", () => {
  it("needs neither the primary stack's state nor its Region", async () => {
    await using pair = await deployPair();
    await pair.cloud.lose("us-east-1", "refuse");
    const stacks = join(pair.cloud.folder, "state", ".pulumi", "stacks", "standby");
    await rm(join(stacks, "prod-east.json"));
    await pair.setFlag("failover", true);
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(west);
    expect(await pair.preview("prod-west")).toEqual([]);
  });
});
