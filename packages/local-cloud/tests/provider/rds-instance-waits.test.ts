import { afterEach, beforeEach, expect, it } from "vitest";
import { east, eventually, west } from "../aws-fixture.ts";
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

it("fails a wait at once when the database reaches a state that leads nowhere, and keeps what was made", async () => {
  rds.statusAfterwards = "failed";
  const failure = await failureOf(client.make(type, replica));
  expect(failure.halfDone?.id).toBe("db-ORDERSWEST1");
  expect(failure.message).toContain(
    "unexpected state 'failed', wanted target 'available, storage-optimization'",
  );
});

it("gives up a wait when the operation's own time is over", async () => {
  rds.statusAfterwards = "creating";
  const failure = await failureOf(client.make(type, replica, 1));
  expect(failure.message).toContain("(last state: 'creating', timeout: 1s)");
});

it("ends what a connection has under way when it is cancelled, and nothing of another connection", async () => {
  rds.statusAfterwards = "creating";
  const other = await cloud.connect(west);
  const cancelled = failureOf(client.make(type, replica));
  const lasting = other.make(type, { ...replica, identifier: "orders-west-2" });
  await eventually(
    () => rds.databases.length,
    (count) => count === 2,
  );
  await client.cancel();
  expect((await cancelled).halfDone?.id).toBe("db-ORDERSWEST1");
  for (const database of rds.databases) database.DBInstanceStatus = "available";
  expect((await lasting).id).toBe("db-ORDERSWEST2");
});

it("stops looking when the engine that asked is gone", async () => {
  rds.statusAfterwards = "creating";
  const { inputs } = await client.check(type, replica);
  const looks = () =>
    rds.requests.filter((each) => each.operation === "DescribeDBInstances").length;
  const creation = client.startCreation(type, inputs);
  await eventually(looks, (count) => count > 2);
  creation.abandon();
  const looksDuringAPause = async () => {
    const before = looks();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return looks() - before;
  };
  expect(await eventually(looksDuringAPause, (count) => count === 0)).toBe(0);
});
