import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  InvalidDBInstanceStateFault,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, eventually, refusalOf } from "../aws-fixture.ts";
import {
  createPair,
  createSource,
  describeInstance,
  type RdsCloud,
  sourceArn,
  sourceInput,
  startRdsCloud,
  untilStatus,
} from "./rds-fixture.ts";

let cloud: RdsCloud;
beforeEach(async () => {
  cloud = await startRdsCloud();
});
afterEach(() => cloud.close());

describe("creation", () => {
  test("says creating without an endpoint, then available with one of this account and Region", async () => {
    const { DBInstance } = await cloud.east.send(new CreateDBInstanceCommand(sourceInput(cloud)));
    expect(DBInstance).toMatchObject({ DBInstanceStatus: "creating" });
    expect(DBInstance?.Endpoint).toBeUndefined();
    const instance = await untilStatus(cloud.east, "available");
    expect(instance).toMatchObject({
      DBInstanceArn: sourceArn,
      EngineVersion: "8.4.7",
      StorageEncrypted: true,
      KmsKeyId: cloud.eastKey,
      BackupRetentionPeriod: 7,
      TagList: [{ Key: "service", Value: "orders" }],
      DBParameterGroups: [
        { DBParameterGroupName: "default.mysql8.4", ParameterApplyStatus: "in-sync" },
      ],
    });
    expect(instance.Endpoint).toMatchObject({ Port: 3306 });
    expect(instance.Endpoint?.Address).toMatch(
      /^orders-1\.c[a-z0-9]{11}\.us-east-1\.rds\.amazonaws\.com$/,
    );
    expect(instance.DbiResourceId).toMatch(/^db-[A-Z0-9]{26}$/);
    expect(cloud.servers.in(east).endpoint).toBe(instance.Endpoint?.Address);
  });

  test.each([
    ["a short password", { MasterUserPassword: "short" }, "InvalidParameterValue", 400],
    ["no user", { MasterUsername: undefined }, "MissingParameter", 400],
    ["a bad identifier", { DBInstanceIdentifier: "a--b" }, "InvalidParameterValue", 400],
    ["an unknown key", { KmsKeyId: "alias/none" }, "KMSKeyNotAccessibleFault", 400],
    [
      "an unknown parameter group",
      { DBParameterGroupName: "none" },
      "DBParameterGroupNotFoundFault",
      404,
    ],
    ["an unknown subnet group", { DBSubnetGroupName: "none" }, "DBSubnetGroupNotFoundFault", 404],
    ["a managed password", { ManageMasterUserPassword: true }, "NotModelled", 501],
    ["another engine", { Engine: "postgres" }, "NotModelled", 501],
  ])("is refused with %s", async (_what, change, name, status) => {
    const call = cloud.east.send(
      new CreateDBInstanceCommand({ ...sourceInput(cloud), ...change } as never),
    );
    expect(await refusalOf(call)).toMatchObject({ name, status });
    expect((await cloud.east.send(new DescribeDBInstancesCommand())).DBInstances).toEqual([]);
  });

  test("is refused under a name that is taken", async () => {
    await createSource(cloud);
    const call = cloud.east.send(new CreateDBInstanceCommand(sourceInput(cloud)));
    expect(await refusalOf(call)).toMatchObject({
      name: "DBInstanceAlreadyExistsFault",
      status: 400,
    });
  });
});

describe("description", () => {
  test("finds by identifier, ARN and resource id", async () => {
    const { DbiResourceId = "" } = await createSource(cloud);
    const byFilter = (Name: string, value: string) =>
      cloud.east.send(new DescribeDBInstancesCommand({ Filters: [{ Name, Values: [value] }] }));
    expect((await describeInstance(cloud.east, sourceArn)).DBInstanceArn).toBe(sourceArn);
    expect((await byFilter("dbi-resource-id", DbiResourceId)).DBInstances).toHaveLength(1);
    expect((await byFilter("dbi-resource-id", "db-NONE")).DBInstances).toEqual([]);
    expect(await refusalOf(byFilter("colour", "red"))).toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  test("says 404 for an instance of another Region or of none", async () => {
    await createSource(cloud);
    await expect(describeInstance(cloud.west)).rejects.toBeInstanceOf(DBInstanceNotFoundFault);
    expect(await refusalOf(describeInstance(cloud.west))).toMatchObject({
      status: 404,
      message: "DBInstance orders-1 not found.",
    });
  });
});

describe("modification", () => {
  const modify = (changes: object) =>
    cloud.east.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: "orders-1", ...changes }));

  test("is under way for a while, and refuses a second one meanwhile", async () => {
    await createSource(cloud);
    const { DBInstance } = await modify({
      MasterUserPassword: "another-horse",
      BackupRetentionPeriod: 3,
    });
    expect(DBInstance).toMatchObject({ DBInstanceStatus: "modifying", BackupRetentionPeriod: 3 });
    await expect(modify({ DeletionProtection: true })).rejects.toBeInstanceOf(
      InvalidDBInstanceStateFault,
    );
    await untilStatus(cloud.east, "available");
    expect(cloud.servers.in(east).events).toEqual(["password of admin"]);
  });

  test("waits for the maintenance window unless it is to be applied at once", async () => {
    await createSource(cloud);
    const { DBInstance } = await modify({ DBInstanceClass: "db.m7g.large" });
    expect(DBInstance?.PendingModifiedValues).toMatchObject({ DBInstanceClass: "db.m7g.large" });
    expect((await untilStatus(cloud.east, "available")).DBInstanceClass).toBe("db.t4g.micro");
    await modify({ DBInstanceClass: "db.m7g.large", ApplyImmediately: true });
    const instance = await untilStatus(cloud.east, "available");
    expect(instance.DBInstanceClass).toBe("db.m7g.large");
    expect(instance.PendingModifiedValues).toEqual({});
  });

  test("refuses to turn off the backups that a replica needs", async () => {
    await createPair(cloud);
    expect(
      await refusalOf(modify({ BackupRetentionPeriod: 0, ApplyImmediately: true })),
    ).toMatchObject({
      name: "InvalidDBInstanceStateFault",
      status: 400,
    });
  });

  test("renames with the endpoint", async () => {
    await createSource(cloud);
    await modify({ NewDBInstanceIdentifier: "orders-old", ApplyImmediately: true });
    const renamed = await eventually(
      async () => (await cloud.east.send(new DescribeDBInstancesCommand())).DBInstances?.[0],
      (instance) => instance?.DBInstanceIdentifier === "orders-old",
    );
    expect(renamed?.Endpoint?.Address).toMatch(/^orders-old\./);
  });
});

describe("deletion", () => {
  const remove = (input: object, client = cloud.east) =>
    client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "orders-1", ...input }));

  test("is refused while the instance is protected", async () => {
    await createSource(cloud, { DeletionProtection: true });
    expect(await refusalOf(remove({ SkipFinalSnapshot: true }))).toMatchObject({
      name: "InvalidParameterCombination",
      status: 400,
      message: expect.stringContaining("disable deletion protection"),
    });
  });

  test("needs a final snapshot or a word that there is none", async () => {
    await createSource(cloud);
    expect(await refusalOf(remove({}))).toMatchObject({ name: "InvalidParameterCombination" });
    await remove({ FinalDBSnapshotIdentifier: "orders-1-final" });
    await eventually(
      async () => (await cloud.east.send(new DescribeDBInstancesCommand())).DBInstances,
      (instances) => instances?.length === 0,
    );
    expect(cloud.servers.in(east).events).toEqual(["remove"]);
    const { DBSnapshots } = await cloud.east.send(new DescribeDBSnapshotsCommand());
    expect(DBSnapshots).toMatchObject([
      { DBSnapshotIdentifier: "orders-1-final", Encrypted: true },
    ]);
  });

  test("of a replica takes no final snapshot", async () => {
    await createPair(cloud);
    expect(
      await refusalOf(remove({ FinalDBSnapshotIdentifier: "last" }, cloud.west)),
    ).toMatchObject({ name: "InvalidParameterCombination", status: 400 });
  });

  test("of a source promotes its replica", async () => {
    await createPair(cloud);
    await remove({ SkipFinalSnapshot: true });
    await eventually(
      () => describeInstance(cloud.west),
      (replica) => replica.ReadReplicaSourceDBInstanceIdentifier === undefined,
    );
  });
});

test("tags are added, listed and removed by ARN", async () => {
  await createSource(cloud);
  const list = async () =>
    (await cloud.east.send(new ListTagsForResourceCommand({ ResourceName: sourceArn }))).TagList;
  await cloud.east.send(
    new AddTagsToResourceCommand({ ResourceName: sourceArn, Tags: [{ Key: "a", Value: "1" }] }),
  );
  expect(await list()).toContainEqual({ Key: "a", Value: "1" });
  await cloud.east.send(
    new RemoveTagsFromResourceCommand({ ResourceName: sourceArn, TagKeys: ["a"] }),
  );
  expect(await list()).toEqual([{ Key: "service", Value: "orders" }]);
  const missing = new ListTagsForResourceCommand({ ResourceName: `${sourceArn}0` });
  expect(await refusalOf(cloud.east.send(missing))).toMatchObject({ status: 404 });
});
