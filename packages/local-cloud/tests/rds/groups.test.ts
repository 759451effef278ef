import {
  ApplyMethod,
  CreateDBParameterGroupCommand,
  CreateDBSubnetGroupCommand,
  DeleteDBParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  DescribeDBSubnetGroupsCommand,
  ModifyDBParameterGroupCommand,
  RebootDBInstanceCommand,
  ResetDBParameterGroupCommand,
} from "@aws-sdk/client-rds";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, eventually, refusalOf } from "../aws-fixture.ts";
import {
  createSource,
  describeInstance,
  type RdsCloud,
  startRdsCloud,
  untilStatus,
} from "./rds-fixture.ts";

let cloud: RdsCloud;
beforeEach(async () => {
  cloud = await startRdsCloud();
});
afterEach(() => cloud.close());

const DBParameterGroupName = "orders";
const createGroup = (DBParameterGroupFamily = "mysql8.4") =>
  cloud.east.send(
    new CreateDBParameterGroupCommand({
      DBParameterGroupName,
      DBParameterGroupFamily,
      Description: "d",
    }),
  );
const set = (ParameterName: string, ParameterValue: string, method: ApplyMethod) =>
  cloud.east.send(
    new ModifyDBParameterGroupCommand({
      DBParameterGroupName,
      Parameters: [{ ParameterName, ParameterValue, ApplyMethod: method }],
    }),
  );
const applyStatus = async () =>
  (await describeInstance(cloud.east)).DBParameterGroups?.[0]?.ParameterApplyStatus;

describe("a parameter group", () => {
  test("lists what was changed as the user's", async () => {
    await createGroup();
    await set("read_only", "1", ApplyMethod.immediate);
    const user = new DescribeDBParametersCommand({ DBParameterGroupName, Source: "user" });
    expect((await cloud.east.send(user)).Parameters).toMatchObject([
      {
        ParameterName: "read_only",
        ParameterValue: "1",
        ApplyMethod: "immediate",
        ApplyType: "dynamic",
      },
    ]);
    await cloud.east.send(
      new ResetDBParameterGroupCommand({ DBParameterGroupName, ResetAllParameters: true }),
    );
    expect((await cloud.east.send(user)).Parameters).toEqual([]);
  });

  test("refuses a static parameter at once and a value out of range", async () => {
    await createGroup();
    expect(await refusalOf(set("gtid-mode", "ON", ApplyMethod.immediate))).toMatchObject({
      name: "InvalidParameterCombination",
      status: 400,
    });
    expect(await refusalOf(set("read_only", "maybe", ApplyMethod.immediate))).toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  test("reaches its instance's server after the answer", async () => {
    await createGroup();
    await createSource(cloud, { DBParameterGroupName });
    await set("read_only", "1", ApplyMethod.immediate);
    expect(await applyStatus()).toBe("applying");
    await eventually(applyStatus, (status) => status === "in-sync");
    expect(cloud.servers.in(east).parameters).toMatchObject({
      read_only: "1",
      binlog_format: "ROW",
    });
  });

  test("keeps what waits for a restart until there is one", async () => {
    await createGroup();
    await createSource(cloud, { DBParameterGroupName });
    await set("gtid-mode", "ON", ApplyMethod.pending_reboot);
    expect(await applyStatus()).toBe("pending-reboot");
    expect(cloud.servers.in(east).parameters["gtid-mode"]).toBe("OFF_PERMISSIVE");
    await cloud.east.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "orders-1" }));
    await untilStatus(cloud.east, "available");
    expect(await applyStatus()).toBe("in-sync");
    expect(cloud.servers.in(east).parameters["gtid-mode"]).toBe("ON");
  });

  test("cannot be deleted while an instance uses it", async () => {
    await createGroup();
    await createSource(cloud, { DBParameterGroupName });
    const remove = (name: string) =>
      cloud.east.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: name }));
    expect(await refusalOf(remove(DBParameterGroupName))).toMatchObject({
      name: "InvalidDBParameterGroupStateFault",
      status: 400,
    });
    expect(await refusalOf(remove("none"))).toMatchObject({
      name: "DBParameterGroupNotFoundFault",
      status: 404,
    });
  });

  test("is taken once, and is described by name", async () => {
    await createGroup();
    expect(await refusalOf(createGroup())).toMatchObject({
      name: "DBParameterGroupAlreadyExistsFault",
      status: 400,
    });
    const all = await cloud.east.send(
      new DescribeDBParameterGroupsCommand({ DBParameterGroupName }),
    );
    expect(all.DBParameterGroups).toMatchObject([{ DBParameterGroupFamily: "mysql8.4" }]);
  });

  test("of another family does not fit", async () => {
    await createGroup("mysql8.0");
    expect(await refusalOf(createSource(cloud, { DBParameterGroupName }))).toMatchObject({
      name: "InvalidParameterCombination",
    });
  });
});

describe("a subnet group", () => {
  const name = { DBSubnetGroupName: "Orders" };
  const create = (SubnetIds: string[]) =>
    cloud.east.send(
      new CreateDBSubnetGroupCommand({ ...name, DBSubnetGroupDescription: "d", SubnetIds }),
    );

  test("is described in lower case and deleted", async () => {
    await create(["subnet-a", "subnet-b"]);
    const { DBSubnetGroups } = await cloud.east.send(new DescribeDBSubnetGroupsCommand(name));
    expect(DBSubnetGroups).toMatchObject([
      {
        DBSubnetGroupName: "orders",
        Subnets: [{ SubnetIdentifier: "subnet-a" }, { SubnetIdentifier: "subnet-b" }],
      },
    ]);
    await cloud.east.send(new DeleteDBSubnetGroupCommand(name));
    expect(await refusalOf(cloud.east.send(new DescribeDBSubnetGroupsCommand(name)))).toMatchObject(
      {
        name: "DBSubnetGroupNotFoundFault",
        status: 404,
      },
    );
  });

  test("covers two zones", async () => {
    expect(await refusalOf(create(["subnet-a"]))).toMatchObject({
      name: "DBSubnetGroupDoesNotCoverEnoughAZs",
      status: 400,
    });
  });

  test("cannot be deleted while an instance is in it", async () => {
    await create(["subnet-a", "subnet-b"]);
    await createSource(cloud, name);
    expect(await refusalOf(cloud.east.send(new DeleteDBSubnetGroupCommand(name)))).toMatchObject({
      name: "InvalidDBSubnetGroupStateFault",
      status: 400,
    });
  });
});
