import { afterEach, beforeEach, expect, it } from "vitest";
import { east, west } from "../aws-fixture.ts";
import { FakeRds } from "./database-service.fixture.ts";
import { failureOf, type Made, type ProviderClient } from "./provider-client.fixture.ts";
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

const promoted = async (made: Made) => {
  const { replicateSourceDb: _source, ...inputs } = made.inputs;
  return inputs;
};

it("makes a replica with one call, one wait and one read", async () => {
  const made = await client.make(type, replica);
  expect(cloud.newCalls()).toEqual([
    "CreateDBInstanceReadReplica",
    "DescribeDBInstances",
    "DescribeDBInstances",
  ]);
  expect(rds.last("CreateDBInstanceReadReplica")).toMatchObject({
    SourceDBInstanceIdentifier: sourceArn,
    KmsKeyId: replica.kmsKeyId,
    AutoMinorVersionUpgrade: true,
    DeletionProtection: false,
  });
  expect(rds.last("CreateDBInstanceReadReplica")).not.toHaveProperty("StorageEncrypted");
  expect(made.id).toBe("db-ORDERSWEST1");
  expect(made.outputs).toMatchObject({
    address: "orders-west-1.abc.us-west-2.rds.amazonaws.com",
    endpoint: "orders-west-1.abc.us-west-2.rds.amazonaws.com:3306",
    identifier: "orders-west-1",
    region: west,
    replicateSourceDb: sourceArn,
    status: "available",
    skipFinalSnapshot: true,
    deleteAutomatedBackups: true,
  });
});

it("adjusts a new replica at once with what the creation did not take over, and reboots it for its parameters", async () => {
  await client.make(type, {
    ...replica,
    replicateSourceDb: sourceArn.replace(east, west),
    backupRetentionPeriod: 7,
    parameterGroupName: "orders-west-1",
    password: "a password",
  });
  expect(cloud.newCalls()).toEqual([
    "CreateDBInstanceReadReplica",
    "DescribeDBInstances",
    "ModifyDBInstance",
    "DescribeDBInstances",
    "RebootDBInstance",
    "DescribeDBInstances",
    "DescribeDBInstances",
  ]);
  expect(rds.last("ModifyDBInstance")).toEqual({
    DBInstanceIdentifier: "orders-west-1",
    ApplyImmediately: true,
    BackupRetentionPeriod: 7,
    DBParameterGroupName: "orders-west-1",
    MasterUserPassword: "a password",
  });
});

it("sends the parameter group with the creation of a replica in another Region", async () => {
  await client.make(type, { ...replica, parameterGroupName: "orders-west-1" });
  expect(rds.last("CreateDBInstanceReadReplica")).toMatchObject({
    DBParameterGroupName: "orders-west-1",
  });
});

it("notices only at the creation that a database of its own needs an engine, storage and a user", async () => {
  const { failures } = await client.check(type, { instanceClass: "db.t4g.micro" });
  expect(failures).toEqual([]);
  const failure = await failureOf(client.make(type, { instanceClass: "db.t4g.micro" }));
  expect(failure.message).toContain(`"allocated_storage": required field is not set`);
  expect(cloud.newCalls()).toEqual([]);
});

it("promotes a replica whose source is taken away, with its own backup retention, and then only reads", async () => {
  const made = await client.make(type, { ...replica, backupRetentionPeriod: 7 });
  cloud.newCalls();
  const updated = await client.update(type, made, await promoted(made));
  expect(cloud.newCalls()).toEqual([
    "PromoteReadReplica",
    "DescribeDBInstances",
    "DescribeDBInstances",
  ]);
  expect(rds.last("PromoteReadReplica")).toEqual({
    DBInstanceIdentifier: "orders-west-1",
    BackupRetentionPeriod: 7,
  });
  expect(updated.outputs["replicateSourceDb"]).toBe("");
});

it("keeps the planned state after a failed promotion, so that the next update only reads and is green", async () => {
  const made = await client.make(type, replica);
  cloud.faults.add({
    kind: "refuse",
    service: "rds",
    operation: "PromoteReadReplica",
    times: 1,
    errorCode: "InvalidDBInstanceState",
    message: "Database instance is not in available state.",
  });
  const inputs = await promoted(made);
  const failure = await failureOf(client.update(type, made, inputs));
  expect(failure.message).toContain(
    "promoting RDS DB Instance (orders-west-1): operation error RDS",
  );
  expect(failure.halfDone?.properties).not.toHaveProperty("replicateSourceDb");
  const kept = { id: made.id, outputs: failure.halfDone?.properties ?? {}, inputs };
  expect((await client.diff(type, kept, inputs)).changes).toBe(1);
  cloud.newCalls();
  const second = await client.update(type, kept, inputs);
  expect(cloud.newCalls()).toEqual(["DescribeDBInstances"]);
  expect(second.outputs["replicateSourceDb"]).toBe(sourceArn);
  const third = await client.diff(type, second, inputs);
  expect(third.diffsList).toEqual(["replicateSourceDb"]);
});

it("refuses a new source before any call", async () => {
  const made = await client.make(type, { ...replica, replicateSourceDb: sourceArn });
  cloud.newCalls();
  const inputs = { ...made.inputs, replicateSourceDb: `${sourceArn}-other` };
  const failure = await failureOf(client.update(type, made, inputs));
  expect(failure.message).toContain("cannot elect new source database for replication");
  expect(cloud.newCalls()).toEqual([]);
});

it("modifies with the changed fields, the deletion protection and the asked-for urgency", async () => {
  const made = await client.make(type, replica);
  await client.update(type, made, {
    ...made.inputs,
    instanceClass: "db.m6g.large",
    deletionProtection: true,
    applyImmediately: true,
  });
  expect(rds.last("ModifyDBInstance")).toEqual({
    DBInstanceIdentifier: "orders-west-1",
    ApplyImmediately: true,
    DBInstanceClass: "db.m6g.large",
    DeletionProtection: true,
  });
});

it("makes no modification for what only a deletion will use", async () => {
  const made = await client.make(type, replica);
  cloud.newCalls();
  await client.update(type, made, { ...made.inputs, finalSnapshotIdentifier: "last" });
  expect(cloud.newCalls()).toEqual(["DescribeDBInstances"]);
});

it("changes tags before anything else of an update", async () => {
  const made = await client.make(type, replica);
  cloud.newCalls();
  const tags = { service: "orders" };
  const changes = { tags, tagsAll: tags, instanceClass: "db.m6g.large" };
  await client.update(type, made, { ...made.inputs, ...changes });
  expect(cloud.newCalls().slice(0, 2)).toEqual(["AddTagsToResource", "ModifyDBInstance"]);
});

it("marks the password in inputs and outputs and never sends it into an error", async () => {
  const password = "a password that nobody may see";
  const own = { ...replica, replicateSourceDb: undefined, kmsKeyId: undefined };
  const inputs = { ...own, engine: "mysql", allocatedStorage: 20, username: "admin", password };
  const checked = await client.check(type, inputs);
  expect(checked.inputs["password"]).toMatchObject({ value: password });
  const made = await client.create(type, checked.inputs);
  expect(made.outputs["password"]).toMatchObject({ value: password });
  const failure = await failureOf(client.create(type, checked.inputs, { timeoutSeconds: 0.001 }));
  expect(failure.message).not.toContain(password);
});
