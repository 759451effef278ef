import { afterEach, beforeEach, expect, it } from "vitest";
import { east, west } from "../aws-fixture.ts";
import { failureOf, type Made, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";
import { FakeRoute53 } from "./record-service.fixture.ts";

const recordType = "aws:route53/record:Record";
const zoneType = "aws:route53/zone:Zone";
const associationType = "aws:route53/zoneAssociation:ZoneAssociation";

let route53: FakeRoute53;
let cloud: ProviderCloud;
let client: ProviderClient;
let zone: Made;

beforeEach(async () => {
  route53 = new FakeRoute53();
  cloud = await startProviderCloud([route53]);
  client = await cloud.connect(west);
  zone = await client.make(zoneType, { name: "orders.internal", vpcs: [{ vpcId: "vpc-1" }] });
});
afterEach(() => cloud.close());

const cname = (target: string, more = {}) => ({
  zoneId: zone.id,
  name: "db.orders.internal",
  type: "CNAME",
  ttl: 30,
  records: [target],
  ...more,
});

it("makes a private zone with its first VPC and takes the name servers from its own record", () => {
  expect(cloud.newCalls()).toEqual([
    "CreateHostedZone",
    "GetChange",
    "GetHostedZone",
    "ListResourceRecordSets",
    "ListTagsForResource",
  ]);
  expect(zone.outputs).toMatchObject({
    zoneId: "Z1",
    name: "orders.internal",
    comment: "Managed by Pulumi",
    nameServers: ["ns-1.example.", "ns-2.example."],
    primaryNameServer: "ns-2.example.",
    vpcs: [{ vpcId: "vpc-1", vpcRegion: west }],
  });
});

it("signs for us-east-1, whatever the provider's Region is", () => {
  const regions = cloud.log
    .calls()
    .filter((call) => call.service === "route53")
    .map((call) => call.region);
  expect(new Set(regions)).toEqual(new Set([east]));
});

it("associates a further VPC by a resource of its own", async () => {
  const made = await client.make(associationType, {
    zoneId: "Z1",
    vpcId: "vpc-2",
    vpcRegion: east,
  });
  expect(made.id).toBe("Z1:vpc-2:us-east-1");
  expect((await client.read(zoneType, zone))?.outputs["vpcs"]).toHaveLength(2);
  await client.delete(associationType, made);
  expect(await client.read(associationType, made)).toBeUndefined();
});

it("creates a record, waits until it is in sync and reads it", async () => {
  cloud.newCalls();
  const made = await client.make(recordType, cname("east.example.com"));
  expect(cloud.newCalls()).toEqual([
    "GetHostedZone",
    "ChangeResourceRecordSets",
    "GetChange",
    "GetHostedZone",
    "ListResourceRecordSets",
  ]);
  expect(route53.batches).toEqual(["CREATE"]);
  expect(made.id).toBe("Z1_db.orders.internal_CNAME");
  expect(made.outputs).toMatchObject({
    fqdn: "db.orders.internal",
    name: "db.orders.internal",
    records: ["east.example.com"],
    ttl: 30,
  });
});

it("refuses to take over a record that is there, unless it may overwrite", async () => {
  await client.make(recordType, cname("east.example.com"));
  const failure = await failureOf(client.make(recordType, cname("west.example.com")));
  expect(failure.message).toContain(
    "creating Route53 Record: InvalidChangeBatch: [Tried to create",
  );
  expect(failure.halfDone).toBeUndefined();
  await client.make(recordType, cname("west.example.com", { allowOverwrite: true }));
  expect(route53.batches).toEqual(["CREATE", "CREATE", "UPSERT"]);
});

it("moves a record in place, and writes it again even when nothing changed", async () => {
  const made = await client.make(recordType, cname("east.example.com"));
  const inputs = { ...made.inputs, records: ["west.example.com"] };
  expect((await client.diff(recordType, made, inputs)).replacesList).toEqual([]);
  const moved = await client.update(recordType, made, inputs);
  expect(moved.outputs["records"]).toEqual(["west.example.com"]);
  await client.update(recordType, moved, inputs);
  expect(route53.batches).toEqual(["CREATE", "UPSERT", "UPSERT"]);
});

it("exchanges a record of another type in one batch", async () => {
  const made = await client.make(recordType, cname("east.example.com"));
  await client.update(recordType, made, { ...made.inputs, type: "A", records: ["10.0.0.1"] });
  expect(route53.batches).toEqual(["CREATE", "DELETE+CREATE"]);
});

it("finds a record of its own among failover records", async () => {
  const of = (type: string) => ({
    setIdentifier: type.toLowerCase(),
    failoverRoutingPolicies: [{ type }],
  });
  await client.make(recordType, cname("east.example.com", of("PRIMARY")));
  const second = await client.make(recordType, cname("west.example.com", of("SECONDARY")));
  expect(second.id).toBe("Z1_db.orders.internal_CNAME_secondary");
  expect(second.outputs["records"]).toEqual(["west.example.com"]);
});

it("deletes whatever is live under the name, and takes a missing record for deleted", async () => {
  const made = await client.make(recordType, cname("east.example.com"));
  const outputs = { ...made.outputs, records: ["drifted.example.com"] };
  await client.delete(recordType, { ...made, outputs });
  expect(route53.records.map((set) => set.Type)).toEqual(["NS"]);
  await client.delete(recordType, made);
});

it("imports a record by its id", async () => {
  await client.make(recordType, cname("east.example.com"));
  const imported = await client.read(recordType, { id: "Z1_db.orders.internal_CNAME" });
  expect(imported?.inputs).toMatchObject(cname("east.example.com"));
});

it("reads a record of a zone that is gone as gone", async () => {
  const made = await client.make(recordType, cname("east.example.com"));
  await client.delete(zoneType, zone);
  expect(await client.read(recordType, made)).toBeUndefined();
});
