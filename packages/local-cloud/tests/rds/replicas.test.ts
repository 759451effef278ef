import { PromoteReadReplicaCommand } from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, eventually, refusalOf, west } from "../aws-fixture.ts";
import {
  createPair,
  createSource,
  describeInstance,
  type RdsCloud,
  replicaArn,
  replicaCommand,
  sourceArn,
  startRdsCloud,
  untilStatus,
} from "./rds-fixture.ts";

let cloud: RdsCloud;
beforeEach(async () => {
  cloud = await startRdsCloud();
});
afterEach(() => cloud.close());

describe("a cross-Region replica", () => {
  test("names its source, is named by it, and has its own Region's key and groups", async () => {
    await createPair(cloud);
    const replica = await describeInstance(cloud.west);
    expect(replica).toMatchObject({
      DBInstanceArn: replicaArn,
      ReadReplicaSourceDBInstanceIdentifier: sourceArn,
      KmsKeyId: cloud.westKey,
      StorageEncrypted: true,
      BackupRetentionPeriod: 0,
      MasterUsername: "admin",
      DBName: "orders",
      DBParameterGroups: [{ DBParameterGroupName: "default.mysql8.4" }],
    });
    const source = await describeInstance(cloud.east);
    expect(source.ReadReplicaDBInstanceIdentifiers).toEqual([replicaArn]);
    expect(source.StatusInfos).toEqual([]);
  });

  test("tells the state of the real replication", async () => {
    await createPair(cloud);
    const infos = async () => (await describeInstance(cloud.west)).StatusInfos;
    expect(await infos()).toEqual([
      { StatusType: "read replication", Normal: true, Status: "replicating" },
    ]);
    cloud.servers.in(west).state = {
      configured: true,
      running: false,
      lagSeconds: null,
      error: "1062",
    };
    expect(await infos()).toMatchObject([{ Normal: false, Status: "error", Message: "1062" }]);
  });

  test("is refused without a key of the destination Region", async () => {
    await createSource(cloud);
    const call = cloud.west.send(replicaCommand(cloud, { KmsKeyId: undefined as never }));
    expect(await refusalOf(call)).toMatchObject({
      name: "InvalidParameterCombination",
      status: 400,
    });
    const foreign = cloud.west.send(replicaCommand(cloud, { KmsKeyId: cloud.eastKey }));
    expect(await refusalOf(foreign)).toMatchObject({
      name: "KMSKeyNotAccessibleFault",
      status: 400,
    });
  });

  test("is refused when the source has no backups", async () => {
    await createSource(cloud, { BackupRetentionPeriod: 0 });
    expect(await refusalOf(cloud.west.send(replicaCommand(cloud)))).toMatchObject({
      name: "InvalidDBInstanceStateFault",
      message: expect.stringContaining("Automated backups are not enabled"),
    });
  });

  test("is refused when there is no source, and when the source's Region is lost", async () => {
    expect(await refusalOf(cloud.west.send(replicaCommand(cloud)))).toMatchObject({
      name: "DBInstanceNotFoundFault",
      status: 404,
    });
    await createSource(cloud);
    await cloud.outages.lose(east, "hang");
    expect(await refusalOf(cloud.west.send(replicaCommand(cloud)))).toMatchObject({ status: 503 });
  });
});

describe("promotion", () => {
  const promote = (client = cloud.west) =>
    client.send(
      new PromoteReadReplicaCommand({ DBInstanceIdentifier: "orders-1", BackupRetentionPeriod: 7 }),
    );

  test("goes through modifying and rebooting, and ends standalone under the same endpoint", async () => {
    await createPair(cloud);
    const before = await describeInstance(cloud.west);
    const { promise: restarted, resolve: restart } = Promise.withResolvers<void>();
    cloud.servers.in(west).restart = restarted;
    await cloud.outages.lose(east, "hang");
    const { DBInstance } = await promote();
    expect(DBInstance?.DBInstanceStatus).toBe("modifying");
    expect((await untilStatus(cloud.west, "rebooting")).ReadReplicaSourceDBInstanceIdentifier).toBe(
      sourceArn,
    );
    restart();
    const after = await untilStatus(cloud.west, "available");
    expect(after.ReadReplicaSourceDBInstanceIdentifier).toBeUndefined();
    expect(after).toMatchObject({
      Endpoint: before.Endpoint,
      BackupRetentionPeriod: 7,
      StatusInfos: [],
    });
    expect(cloud.servers.in(west).events).toEqual(["promote", "parameters"]);
    expect(cloud.servers.in(east).events).toEqual([]);
    await cloud.outages.restore(east);
    expect((await describeInstance(cloud.east)).ReadReplicaDBInstanceIdentifiers).toEqual([]);
  });

  test("is refused for what is no replica", async () => {
    await createPair(cloud);
    expect(await refusalOf(promote(cloud.east))).toMatchObject({
      name: "InvalidDBInstanceStateFault",
      status: 400,
    });
  });

  test("is refused while another change is under way", async () => {
    await createPair(cloud);
    await promote();
    expect(await refusalOf(promote())).toMatchObject({ name: "InvalidDBInstanceStateFault" });
  });

  test("that fails later is accepted and leaves a replica", async () => {
    await createPair(cloud);
    cloud.faults.add({
      service: "rds",
      operation: "PromoteReadReplica",
      times: 1,
      kind: "fail-later",
    });
    await promote();
    const after = await untilStatus(cloud.west, "available");
    expect(after.ReadReplicaSourceDBInstanceIdentifier).toBe(sourceArn);
    expect(cloud.servers.in(west).events).toEqual([]);
    await promote();
    await eventually(
      () => describeInstance(cloud.west),
      (instance) => instance.ReadReplicaSourceDBInstanceIdentifier === undefined,
    );
  });
});

describe("endpoint names", () => {
  test("lead to the servers, and do not exist for others", async () => {
    await createPair(cloud);
    const { Endpoint } = await describeInstance(cloud.west);
    const found = cloud.names.lookUp(`${Endpoint?.Address?.toUpperCase()}.`);
    expect(found).toMatchObject({
      exists: true,
      records: [{ type: "A", ttlSeconds: 5, data: cloud.servers.in(west).address }],
    });
    expect(cloud.names.lookUp("none.rds.amazonaws.com")).toMatchObject({
      exists: false,
      records: [],
    });
    expect(cloud.names.lookUp("db.orders.internal")).toBeUndefined();
  });
});
