import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  type DescribeDBInstancesMessage,
} from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf } from "../aws-fixture.ts";
import { type RdsCloud, sourceInput, startRdsCloud } from "./rds-fixture.ts";

let cloud: RdsCloud;
beforeAll(async () => {
  cloud = await startRdsCloud();
  for (let count = 1; count <= 21; count += 1)
    await cloud.east.send(
      new CreateDBInstanceCommand({
        ...sourceInput(cloud),
        DBInstanceIdentifier: `orders-${count}`,
      }),
    );
});
afterAll(() => cloud.close());

const page = (input: DescribeDBInstancesMessage) =>
  cloud.east.send(new DescribeDBInstancesCommand(input));

test("databases are described page by page", async () => {
  const first = await page({ MaxRecords: 20 });
  const second = await page({ MaxRecords: 20, Marker: first.Marker });
  expect([first.DBInstances?.length, second.DBInstances?.length]).toEqual([20, 1]);
  expect(second.Marker).toBeUndefined();
  expect((await page({})).DBInstances).toHaveLength(21);
});

test.each<[DescribeDBInstancesMessage, string]>([
  [{ MaxRecords: 19 }, "Invalid value 19 for MaxRecords. Must be between 20 and 100"],
  [{ MaxRecords: 101 }, "Invalid value 101 for MaxRecords. Must be between 20 and 100"],
  [{ Marker: "none" }, "The parameter Marker is not a valid marker."],
])("the page %j is refused", async (input, message) => {
  expect(await refusalOf(page(input))).toEqual({
    name: "InvalidParameterValue",
    status: 400,
    message,
  });
});
