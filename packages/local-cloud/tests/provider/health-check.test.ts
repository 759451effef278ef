import { afterEach, beforeEach, expect, it } from "vitest";
import { createRoute53, type Route53 } from "../../src/route53/route53.ts";
import { quickDials, west } from "../aws-fixture.ts";
import { failureOf, type Made, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const checkType = "aws:route53/healthCheck:HealthCheck";
const recordType = "aws:route53/record:Record";
const zoneType = "aws:route53/zone:Zone";

let route53: Route53;
let cloud: ProviderCloud;
let client: ProviderClient;
let check: Made;
beforeEach(async () => {
  route53 = createRoute53({ dials: quickDials });
  cloud = await startProviderCloud([route53]);
  client = await cloud.connect(west);
  check = await client.make(checkType, inputs());
});
afterEach(async () => {
  await cloud.close();
  await route53.close();
});

const inputs = (more = {}) => ({
  type: "CLOUDWATCH_METRIC",
  cloudwatchAlarmName: "failover",
  cloudwatchAlarmRegion: west,
  insufficientDataHealthStatus: "LastKnownStatus",
  tags: { Name: "orders" },
  ...more,
});

const change = async (more: object) => {
  const checked = await client.check(checkType, inputs(more), check.inputs);
  const diff = await client.diff(checkType, check, checked.inputs);
  return { inputs: checked.inputs, diff };
};

it("makes a check that follows an alarm, with its tags", () => {
  expect(cloud.newCalls()).toEqual([
    "CreateHealthCheck",
    "ChangeTagsForResource",
    "GetHealthCheck",
    "ListTagsForResource",
  ]);
  expect(check.outputs).toMatchObject({
    arn: `arn:aws:route53:::healthcheck/${check.id}`,
    cloudwatchAlarmName: "failover",
    cloudwatchAlarmRegion: west,
    insufficientDataHealthStatus: "LastKnownStatus",
    tags: { Name: "orders" },
    type: "CLOUDWATCH_METRIC",
  });
});

it("sends only what changed, and shows no difference afterwards", async () => {
  const { inputs: next, diff } = await change({ invertHealthcheck: true });
  expect(diff.diffsList).toEqual(["invertHealthcheck"]);
  cloud.newCalls();
  const updated = await client.update(checkType, check, next);
  expect(cloud.newCalls()[0]).toBe("UpdateHealthCheck");
  expect(updated.outputs).toMatchObject({
    invertHealthcheck: true,
    cloudwatchAlarmName: "failover",
  });
  expect((await client.diff(checkType, updated, next)).changes).toBe(1);
});

it("is replaced by another type", async () => {
  expect((await change({ type: "TCP" })).diff.replacesList).toEqual(["type"]);
});

it("is read back, imported, and gone after its deletion", async () => {
  expect((await client.read(checkType, { id: check.id }))?.outputs).toMatchObject({
    cloudwatchAlarmName: "failover",
  });
  await client.delete(checkType, check);
  expect(await client.read(checkType, check)).toBeUndefined();
  await client.delete(checkType, check);
});

it("says so when Route 53 refuses it", async () => {
  const failure = await failureOf(
    client.make(checkType, { type: "CLOUDWATCH_METRIC", cloudwatchAlarmRegion: west }),
  );
  expect(failure.message).toMatch(/creating Route53 Health Check: .*InvalidInput/);
});

it("makes the two failover records that it decides between", async () => {
  const zone = await client.make(zoneType, {
    name: "orders.internal",
    vpcs: [{ vpcId: "vpc-1" }],
  });
  const record = (side: string, policy: string, healthCheckId?: string) =>
    client.make(recordType, {
      zoneId: zone.id,
      name: "db.orders.internal",
      type: "CNAME",
      ttl: 30,
      records: [`${side}.example`],
      setIdentifier: side,
      failoverRoutingPolicies: [{ type: policy }],
      ...(healthCheckId && { healthCheckId }),
    });
  const east = await record("east", "PRIMARY", check.id);
  const west = await record("west", "SECONDARY");
  expect(east.id).toBe(`${zone.id}_db.orders.internal_CNAME_east`);
  expect(west.outputs).toMatchObject({
    setIdentifier: "west",
    failoverRoutingPolicies: [{ type: "SECONDARY" }],
  });
  await client.delete(recordType, east);
  expect((await client.read(recordType, west))?.outputs).toMatchObject({ setIdentifier: "west" });
});
