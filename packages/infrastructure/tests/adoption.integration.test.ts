import { AddTagsToResourceCommand, PromoteReadReplicaCommand } from "@aws-sdk/client-rds";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { startLocalCloud } from "@standby/local-cloud";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Somebody, somebodyIn } from "./support/by-hand.ts";
import {
  describeDatabase,
  makeRecord,
  makeReplica,
  makeSource,
  makeZone,
  putSecret,
} from "./support/estate.ts";
import { watchingName } from "./support/name-watch.ts";
import { askOrders } from "./support/orders.ts";
import { deploy, mutating, type Pair, typingIn } from "./support/pair.ts";
import { untilStatus } from "./support/rds-by-hand.ts";
import { editStackFile } from "./support/stack-file.ts";

const name = "db.orders.internal";
const networkOf = (own: number, peer: number, region: string) => ({
  existing: {
    vpcId: `vpc-0${region}`,
    subnetIds: [`subnet-0${region}a`, `subnet-0${region}b`],
    cidr: `10.${own}.0.0/16`,
    peerCidr: `10.${peer}.0.0/16`,
    associateZone: false,
    functionSecurityGroupIds: [`sg-0${region}f`],
    databaseSecurityGroupIds: [`sg-0${region}d`],
  },
});

describe("a pair that is there already, adopted with its zone, its record and its networks", () => {
  let pair: Pair;
  let east: Somebody;
  let west: Somebody;
  let estate: { readonly zoneId: string; readonly target: string };
  let before: unknown;
  let start = 0;

  const bothDatabases = async () => [
    await describeDatabase(east, "legacy"),
    await describeDatabase(west, "legacy-copy"),
  ];
  const record = async () => {
    const { ResourceRecordSets = [] } = await east.route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: estate.zoneId }),
    );
    const { TTL, ResourceRecords } =
      ResourceRecordSets.find(({ Name }) => Name === `${name}.`) ?? {};
    return { ttl: TTL, target: ResourceRecords?.[0]?.Value };
  };

  beforeAll(async () => {
    pair = typingIn(await startLocalCloud());
    east = somebodyIn(pair.cloud, "us-east-1");
    west = somebodyIn(pair.cloud, "us-west-2");
    const { cloud } = pair;
    estate = { target: await makeSource(cloud, east), zoneId: await makeZone(east) };
    await makeReplica(cloud, east, west);
    await makeRecord(east, estate.zoneId, name, estate.target);
    before = await bothDatabases();
    await editStackFile(cloud, "prod-east", {
      network: networkOf(10, 20, "east"),
      zone: { existing: { zoneId: estate.zoneId, name: "orders.internal" } },
      database: { existing: { identifier: "legacy" } },
    });
    await editStackFile(cloud, "prod-west", {
      network: networkOf(20, 10, "west"),
      database: { existing: { identifier: "legacy-copy" } },
      record: { ttlSeconds: 5, existing: { target: "elsewhere.internal" } },
    });
    start = cloud.calls().length;
  });
  afterAll(async () => {
    east?.[Symbol.dispose]();
    west?.[Symbol.dispose]();
    await pair?.cloud.close();
  });

  it("is refused while it is stated wrong what the record names, with nothing changed in the west", async () => {
    await deploy(pair, "prod-east");
    const after = pair.cloud.calls().length;
    const refused = await pair.up("prod-west");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.text).toContain("standby:record.existing.target: is not what the CNAME names");
    expect(mutating(pair.operations({ after }))).toEqual([]);
    await editStackFile(pair.cloud, "prod-west", {
      record: { ttlSeconds: 5, existing: { target: estate.target } },
    });
  });

  it("hands the record over without a gap: imported as it is, then changed in place", async () => {
    const watch = await watchingName(pair.cloud, name, async () => {
      await deploy(pair, "prod-west");
      expect(await record()).toEqual({ ttl: 300, target: estate.target });
      expect(await pair.preview("prod-west")).toEqual([
        { operation: "update", type: "aws:route53/record:Record", changed: ["ttl"] },
      ]);
      await deploy(pair, "prod-west", "prod-east");
    });
    expect(await record()).toEqual({ ttl: 5, target: estate.target });
    expect(watch).toMatchObject({ targets: [estate.target], failures: [] });
    expect(watch.questions).toBeGreaterThan(50);
  });

  it("is left with no database, record or zone made, changed or deleted but the record's TTL", async () => {
    const done = mutating(pair.operations({ after: start }));
    expect(done.filter((each) => /^(rds|route53):/.test(each))).toEqual([
      "route53:ChangeResourceRecordSets",
    ]);
    expect(done.filter((each) => /Delete|Remove/.test(each))).toEqual([]);
    expect(await bothDatabases()).toEqual(before);
  });

  it("has nothing left to do in either stack", async () => {
    expect(await pair.expectNoChanges("prod-east")).toMatchObject({ exitCode: 0 });
    expect(await pair.expectNoChanges("prod-west")).toMatchObject({ exitCode: 0 });
  });

  it("takes orders in both Regions as soon as the secret has its value", async () => {
    await putSecret(east, name);
    for (const region of ["us-east-1", "us-west-2"])
      await expect
        .poll(() => order(pair, region, `first-${region}`), { timeout: 20_000 })
        .toBe(201);
  });

  it("refuses to promote by declaring, prints how, and moves the CNAME once that is done", async () => {
    await pair.cloud.lose("us-east-1", "hang");
    await pair.setFlag("failover", true);
    const after = pair.cloud.calls().length;
    const refused = await pair.up("prod-west");
    expect(refused.exitCode).not.toBe(0);
    expect(mutating(pair.operations({ after }))).toEqual([]);
    expect(refused.text).toContain("aws rds promote-read-replica");

    const [, arn = ""] = /--resource-name (\S+) --tags/.exec(refused.text) ?? [];
    await west.rds.send(
      new AddTagsToResourceCommand({
        ResourceName: arn,
        Tags: [{ Key: "standby:promotion", Value: "requested" }],
      }),
    );
    await west.rds.send(
      new PromoteReadReplicaCommand({
        DBInstanceIdentifier: "legacy-copy",
        BackupRetentionPeriod: 7,
      }),
    );
    await untilStatus(pair.cloud, "us-west-2", "legacy-copy", "available");
    expect(await pair.preview("prod-west")).toEqual([
      { operation: "update", type: "aws:route53/record:Record", changed: ["records"] },
    ]);
    await deploy(pair, "prod-west");
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe("legacy-copy in us-west-2");
    expect(mutating(pair.operations({ after }))).toEqual(["route53:ChangeResourceRecordSets"]);
    expect(await pair.preview("prod-west")).toEqual([]);
    await expect.poll(() => order(pair, "us-west-2", "after"), { timeout: 20_000 }).toBe(201);
  });

  it("stays where it is when the primary Region is back", async () => {
    await pair.cloud.restore("us-east-1");
    await deploy(pair, "prod-east", "prod-west");
    expect(await pair.recordTarget()).toBe("legacy-copy in us-west-2");
    expect(await pair.expectNoChanges("prod-east")).toMatchObject({ exitCode: 0 });
    expect(await pair.expectNoChanges("prod-west")).toMatchObject({ exitCode: 0 });
    const [source] = await bothDatabases();
    expect(source?.DBInstanceStatus).toBe("available");
  });
});

describe("a source alone that is there already, in a zone that is there already", () => {
  it("gets a replica of this program's own, which the flag promotes, and is never changed", async () => {
    await using pair = typingIn(await startLocalCloud());
    const { cloud } = pair;
    using east = somebodyIn(cloud, "us-east-1");
    await makeSource(cloud, east);
    const zoneId = await makeZone(east);
    const before = await describeDatabase(east, "legacy");
    await editStackFile(cloud, "prod-east", {
      zone: { existing: { zoneId, name: "orders.internal" } },
      database: { existing: { identifier: "legacy" } },
    });
    await deploy(pair, "prod-east", "prod-west", "prod-east");
    await putSecret(east, name);
    for (const stack of ["prod-east", "prod-west"])
      expect(await pair.expectNoChanges(stack)).toMatchObject({ exitCode: 0 });
    expect(await pair.recordTarget()).toBe("legacy in us-east-1");
    expect(await order(pair, "us-east-1", "before")).toBe(201);

    await pair.setFlag("failover", true);
    await deploy(pair, "prod-west");
    await expect.poll(pair.recordTarget, { timeout: 10_000 }).toBe("orders-prod-1 in us-west-2");
    await expect.poll(() => order(pair, "us-west-2", "after"), { timeout: 20_000 }).toBe(201);
    const { ReadReplicaDBInstanceIdentifiers: replicas, ...after } = await describeDatabase(
      east,
      "legacy",
    );
    expect({ ...after, ReadReplicaDBInstanceIdentifiers: [] }).toEqual(before);
    expect(replicas).toEqual([]);
  });
});

const order = async (pair: Pair, region: string, key: string): Promise<number> => {
  const request = { method: "POST", path: "/orders", key } as const;
  return (await askOrders(pair.cloud, region, "orders-prod-orders-api", request)).status;
};
