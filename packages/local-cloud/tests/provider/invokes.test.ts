import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { west } from "../aws-fixture.ts";
import { FakeRds } from "./database-service.fixture.ts";
import { failureOf, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";
import { FakeRoute53 } from "./record-service.fixture.ts";

let cloud: ProviderCloud;
let client: ProviderClient;

beforeEach(async () => {
  cloud = await startProviderCloud([new FakeRds(), new FakeRoute53()]);
  client = await cloud.connect(west);
});
afterEach(() => cloud.close());

describe("databases", () => {
  const getInstance = (args: PropertyMap) => client.invoke("aws:rds/getInstance:getInstance", args);
  const getInstances = (args: PropertyMap) =>
    client.invoke("aws:rds/getInstances:getInstances", args);
  const source = "arn:aws:rds:us-east-1:123456789012:db:orders-1";
  const make = (identifier: string, generation: string) =>
    client.make("aws:rds/instance:Instance", {
      identifier,
      instanceClass: "db.t4g.micro",
      replicateSourceDb: source,
      tags: { service: "orders", generation },
    });

  it("are found by filter and tag, and none is an empty list", async () => {
    expect(await getInstances({ tags: { service: "orders" } })).toMatchObject({
      instanceIdentifiers: [],
      instanceArns: [],
      id: west,
    });
    await make("orders-west-1", "1");
    await make("orders-west-2", "2");
    const tagged = await getInstances({ tags: { service: "orders", generation: "2" } });
    expect(tagged["instanceIdentifiers"]).toEqual(["orders-west-2"]);
    const filters = [{ name: "db-instance-id", values: ["orders-west-1"] }];
    expect((await getInstances({ filters }))["instanceArns"]).toEqual([
      "arn:aws:rds:us-west-2:123456789012:db:orders-west-1",
    ]);
  });

  it("are described one by one, without a status", async () => {
    await make("orders-west-1", "1");
    const found = await getInstance({ dbInstanceIdentifier: "orders-west-1" });
    expect(found).toMatchObject({
      id: "orders-west-1",
      replicateSourceDb: source,
      resourceId: "db-ORDERSWEST1",
      endpoint: "orders-west-1.abc.us-west-2.rds.amazonaws.com:3306",
    });
    expect(found).not.toHaveProperty("status");
  });

  it.each<[string, PropertyMap, string]>([
    [
      "is not there",
      { dbInstanceIdentifier: "x" },
      "reading RDS DB Instance (x): couldn't find resource",
    ],
    [
      "has other tags",
      { dbInstanceIdentifier: "orders-west-1", tags: { service: "x" } },
      "Your query returned no results. Please change your search criteria and try again.",
    ],
    ["matches no tags", { tags: { service: "x" } }, "reading RDS DB Instance: empty result"],
    ["is one of several", { tags: { service: "orders" } }, "too many results: wanted 1, got 2"],
  ])("end the program when the one asked for %s", async (_case, args, message) => {
    await make("orders-west-1", "1");
    await make("orders-west-2", "2");
    expect((await failureOf(getInstance(args))).message).toContain(message);
  });
});

describe("secrets", () => {
  it("are found by name, and their value is marked secret", async () => {
    const type = "aws:secretsmanager/secret:Secret";
    const { id } = await client.make(type, { name: "orders" });
    await client.make("aws:secretsmanager/secretVersion:SecretVersion", {
      secretId: id,
      secretString: "the value",
    });
    const found = await client.invoke("aws:secretsmanager/getSecret:getSecret", { name: "orders" });
    expect(found).toMatchObject({ arn: id, name: "orders" });
    const token = "aws:secretsmanager/getSecretVersion:getSecretVersion";
    const value = await client.invoke(token, { secretId: "orders" });
    expect(value["secretString"]).toMatchObject({ value: "the value" });
    expect(value["secretString"]).not.toBe("the value");
  });

  it("end the program when they are not there", async () => {
    const failure = await failureOf(
      client.invoke("aws:secretsmanager/getSecret:getSecret", { name: "x" }),
    );
    expect(failure.message).toContain("reading Secrets Manager Secret (x): couldn't find resource");
  });

  it("are listed by filters in the Region asked for, and none is an empty list", async () => {
    const type = "aws:secretsmanager/secret:Secret";
    const token = "aws:secretsmanager/getSecrets:getSecrets";
    const named = (name: string, more: PropertyMap = {}) =>
      client.invoke(token, { filters: [{ name: "name", values: [name] }], ...more });
    expect(await named("orders")).toMatchObject({ names: [], arns: [], id: west });
    const { id } = await client.make(type, { name: "orders/b" });
    await client.make(type, { name: "orders/a" });
    await client.make(type, { name: "payments" });
    expect(await named("orders")).toMatchObject({ names: ["orders/a", "orders/b"], region: west });
    expect((await named("orders/b"))["arns"]).toEqual([id]);
    expect(await named("orders", { region: "us-east-1" })).toMatchObject({ names: [] });
    const failure = await failureOf(
      client.invoke(token, { filters: [{ name: "colour", values: ["red"] }] }),
    );
    expect(failure.message).toContain("reading Secrets Manager Secrets");
  });

  it("give a new random password every time", async () => {
    const token = "aws:secretsmanager/getRandomPassword:getRandomPassword";
    const passwords = [
      await client.invoke(token, { passwordLength: 40 }),
      await client.invoke(token, { passwordLength: 40 }),
    ].map((answer) => JSON.stringify(answer["randomPassword"]));
    expect(passwords[0]).not.toBe(passwords[1]);
  });
});

describe("zones", () => {
  const getZone = (args: PropertyMap) => client.invoke("aws:route53/getZone:getZone", args);

  it("are found by name and by id, private ones only when asked for", async () => {
    const zone = { name: "orders.internal", vpcs: [{ vpcId: "vpc-1" }] };
    await client.make("aws:route53/zone:Zone", zone);
    const byName = await getZone({ name: "orders.internal", privateZone: true });
    expect(byName).toMatchObject({ zoneId: "Z1", name: "orders.internal", privateZone: true });
    expect((await getZone({ zoneId: "Z1" }))["name"]).toBe("orders.internal");
    const failure = await failureOf(getZone({ name: "orders.internal" }));
    expect(failure.message).toContain("no matching Route 53 Hosted Zone found");
  });
});

describe("records", () => {
  it("are those of a pattern, and others are not", async () => {
    await client.make("aws:route53/zone:Zone", { name: "orders.internal" });
    for (const name of ["db.orders.internal", "db2.orders.internal"])
      await client.make("aws:route53/record:Record", {
        zoneId: "Z1",
        name,
        type: "CNAME",
        ttl: 30,
        records: [`target-of-${name}`],
      });
    const getRecords = async (args: PropertyMap) =>
      (await client.invoke("aws:route53/getRecords:getRecords", args))["resourceRecordSets"];
    expect(JSON.stringify(await getRecords({ zoneId: "Z1" }))).toContain("db2.orders.internal");
    expect(await getRecords({ zoneId: "Z1", nameRegex: "^db\\.orders\\.internal\\.?$" })).toEqual([
      expect.objectContaining({
        name: expect.stringMatching(/^db\.orders\.internal\.?$/),
        type: "CNAME",
        ttl: 30,
        resourceRecords: [{ value: "target-of-db.orders.internal" }],
      }),
    ]);
  });
});

it("knows who and where it is", async () => {
  const identity = await client.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
  expect(identity["accountId"]).toBe("123456789012");
  cloud.newCalls();
  expect(await client.invoke("aws:index/getRegion:getRegion", {})).toMatchObject({ region: west });
  expect(await client.invoke("aws:index/getPartition:getPartition", {})).toMatchObject({
    partition: "aws",
  });
  expect(cloud.newCalls()).toEqual([]);
  const zones = await client.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {});
  expect(zones["names"]).toEqual(["us-west-2a", "us-west-2b", "us-west-2c"]);
});

it("renders a policy document", async () => {
  const { json } = await client.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
    statements: [
      {
        sid: "read",
        actions: ["secretsmanager:GetSecretValue"],
        resources: ["a", "b"],
        principals: [{ type: "AWS", identifiers: ["arn:aws:iam::123456789012:root"] }],
        conditions: [{ test: "ArnLike", variable: "aws:PrincipalArn", values: ["x"] }],
      },
    ],
  });
  expect(JSON.parse(String(json))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "read",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: ["b", "a"],
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Condition: { ArnLike: { "aws:PrincipalArn": "x" } },
      },
    ],
  });
});
