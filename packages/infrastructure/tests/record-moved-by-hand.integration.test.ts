import { ChangeResourceRecordSetsCommand, ListHostedZonesCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { somebodyIn } from "./support/by-hand.ts";
import { describeDatabase } from "./support/estate.ts";
import { deployPair, east, type Pair, west } from "./support/pair.ts";
import { promoteByHand } from "./support/rds-by-hand.ts";

const name = "db.orders.internal";

/** Somebody changes the CNAME, past the program. */
async function moveRecord({ cloud }: Pair, target: string): Promise<void> {
  using somebody = somebodyIn(cloud, "us-east-1");
  const { HostedZones = [] } = await somebody.route53.send(new ListHostedZonesCommand({}));
  await somebody.route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: HostedZones.find(({ Name }) => Name === "orders.internal.")?.Id,
      ChangeBatch: {
        Changes: [
          {
            Action: "UPSERT",
            ResourceRecordSet: {
              Name: name,
              Type: "CNAME",
              TTL: 30,
              ResourceRecords: [{ Value: target }],
            },
          },
        ],
      },
    }),
  );
}

async function westAddress({ cloud }: Pair): Promise<string> {
  using somebody = somebodyIn(cloud, "us-west-2");
  return (await describeDatabase(somebody, "orders-prod-1")).Endpoint?.Address ?? "";
}

describe("a CNAME that somebody moved by hand", () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await deployPair();
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });
  const becomes = (target: string) =>
    expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe(target);

  it("onto the read replica goes back with the next refreshed update, and nothing is promoted", async () => {
    await moveRecord(pair, await westAddress(pair));
    await becomes(west);
    // Without a refresh the engine compares with its state, which knows nothing of it.
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    expect(await pair.recordTarget()).toBe(west);
    expect(await pair.up("prod-west", "--refresh")).toMatchObject({ exitCode: 0 });
    await becomes(east);
    expect(pair.operations()).not.toContain("rds:PromoteReadReplica");
    expect(await pair.expectNoChanges("prod-west")).toMatchObject({ exitCode: 0 });
  });

  it("after a promotion by hand stays on the writer, whatever is typed without the flag", async () => {
    await promoteByHand(pair.cloud, "us-west-2", "orders-prod-1");
    await moveRecord(pair, await westAddress(pair));
    await becomes(west);
    await pair.up("prod-west");
    await pair.up("prod-west", "--refresh");
    await pair.up("prod-west");
    await pair.up("prod-west", "--refresh");
    expect(await pair.recordTarget()).toBe(west);
  });

  it("is taken for a failover by the flag, which the refusal names, and changes nothing more", async () => {
    const refused = await pair.up("prod-west");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toContain("pulumi config set failover true -s prod-west");
    await pair.setFlag("failover", true);
    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    expect(await pair.recordTarget()).toBe(west);
    expect(await pair.expectNoChanges("prod-west")).toMatchObject({ exitCode: 0 });
  });

  it("back to the database that was failed away from returns to the writer with a refreshed update", async () => {
    using somebody = somebodyIn(pair.cloud, "us-east-1");
    const { Endpoint } = await describeDatabase(somebody, "orders-prod-1");
    await moveRecord(pair, Endpoint?.Address ?? "");
    await becomes(east);
    expect(await pair.up("prod-west", "--refresh")).toMatchObject({ exitCode: 0 });
    await becomes(west);
    expect(await pair.expectNoChanges("prod-west")).toMatchObject({ exitCode: 0 });
  });
});
