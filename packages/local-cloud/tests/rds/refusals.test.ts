import { CreateDBParameterGroupCommand, CreateDBSubnetGroupCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Faults } from "../../src/faults.ts";
import { createKms } from "../../src/kms/kms.ts";
import { Outages } from "../../src/outages.ts";
import { createRds } from "../../src/rds/rds.ts";
import { east, quickDials } from "../aws-fixture.ts";
import { sendOnTheWire, withoutRequestId, xmlRefusal } from "../wire-request.ts";
import { FakeServers } from "./fake-servers.ts";
import { createPair, type RdsCloud, startRdsCloud } from "./rds-fixture.ts";
import { refusals } from "./refusals.fixture.ts";

let cloud: RdsCloud;
beforeAll(async () => {
  cloud = await startRdsCloud();
  await createPair(cloud);
  await cloud.east.send(
    new CreateDBParameterGroupCommand({
      DBParameterGroupName: "orders",
      DBParameterGroupFamily: "mysql8.4",
      Description: "d",
    }),
  );
  await cloud.east.send(
    new CreateDBSubnetGroupCommand({
      DBSubnetGroupName: "orders",
      DBSubnetGroupDescription: "d",
      SubnetIds: ["subnet-1", "subnet-2"],
    }),
  );
});
afterAll(() => cloud.close());

const namespace = "http://rds.amazonaws.com/doc/2014-10-31/";

test.each(refusals)("$operation of $input is refused with $code", async (refusal) => {
  const { operation, input, code, status = 400, message, region = east } = refusal;
  const answer = await sendOnTheWire({
    endpoint: cloud.endpoint.url,
    region,
    service: "rds",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ Action: operation, Version: "2014-10-31", ...input }).toString(),
  });
  expect(withoutRequestId(answer)).toEqual({
    status,
    type: "text/xml",
    body: xmlRefusal(namespace, code, message),
  });
});

test("there is a refusal for every operation", () => {
  const service = createRds({
    servers: new FakeServers(),
    dials: quickDials,
    outages: new Outages(),
    faults: new Faults(),
    keys: createKms().keys,
  });
  expect([...new Set(refusals.map(({ operation }) => operation))].sort()).toEqual(
    Object.keys(service.operations).sort(),
  );
});
