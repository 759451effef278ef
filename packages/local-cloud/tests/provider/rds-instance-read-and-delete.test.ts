import { afterEach, beforeEach, expect, it } from "vitest";
import { east, west } from "../aws-fixture.ts";
import { FakeRds } from "./database-service.fixture.ts";
import { failureOf, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const type = "aws:rds/instance:Instance";
const sourceArn = `arn:aws:rds:${east}:123456789012:db:orders-1`;
const replica = {
  identifier: "orders-west-1",
  instanceClass: "db.t4g.micro",
  replicateSourceDb: sourceArn,
  kmsKeyId: "arn:aws:kms:us-west-2:123456789012:key/1",
  storageEncrypted: true,
  skipFinalSnapshot: true,
};

let rds: FakeRds;
let cloud: ProviderCloud;
let client: ProviderClient;

beforeEach(async () => {
  rds = new FakeRds();
  cloud = await startProviderCloud([rds]);
  client = await cloud.connect(west);
});
afterEach(() => cloud.close());

it("imports by identifier and takes the resource id from then on", async () => {
  await client.make(type, replica);
  const imported = await client.read(type, { id: "orders-west-1" });
  expect(imported?.id).toBe("db-ORDERSWEST1");
  expect(imported?.inputs).toMatchObject({
    identifier: "orders-west-1",
    replicateSourceDb: sourceArn,
    skipFinalSnapshot: true,
  });
  expect((await client.check(type, imported?.inputs ?? {})).failures).toEqual([]);
});

it("loses the source in a refresh after a promotion by somebody else, in outputs and inputs", async () => {
  const made = await client.make(type, replica);
  delete rds.find("orders-west-1").ReadReplicaSourceDBInstanceIdentifier;
  const refreshed = await client.read(type, made);
  expect(refreshed?.outputs["replicateSourceDb"]).toBe("");
  expect(refreshed?.inputs).not.toHaveProperty("replicateSourceDb");
  expect(refreshed?.inputs).not.toHaveProperty("__defaults");
  expect(refreshed?.inputs).toMatchObject({
    identifier: "orders-west-1",
    kmsKeyId: replica.kmsKeyId,
  });
});

it("reads a database that is gone as gone", async () => {
  const made = await client.make(type, replica);
  rds.databases.length = 0;
  expect(await client.read(type, made)).toBeUndefined();
});

it("deletes by what the state says: no snapshot name, no deletion", async () => {
  const made = await client.make(type, { ...replica, skipFinalSnapshot: false });
  cloud.newCalls();
  const failure = await failureOf(client.delete(type, made));
  expect(failure.message).toContain(
    "final_snapshot_identifier is required when skip_final_snapshot is false",
  );
  expect(cloud.newCalls()).toEqual([]);
  await client.delete(type, { ...made, outputs: { ...made.outputs, skipFinalSnapshot: true } });
  expect(rds.databases).toEqual([]);
});

it("leaves a protected database alone", async () => {
  const made = await client.make(type, { ...replica, deletionProtection: true });
  expect((await failureOf(client.delete(type, made))).message).toContain("protected DB Instance");
  expect(rds.databases).toHaveLength(1);
});
