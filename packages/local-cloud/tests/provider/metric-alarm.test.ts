import { afterEach, beforeEach, expect, it } from "vitest";
import { type CloudWatch, createCloudWatch } from "../../src/cloudwatch/cloudwatch.ts";
import { Notifications } from "../../src/notifications.ts";
import { Outages } from "../../src/outages.ts";
import { quickDials, west } from "../aws-fixture.ts";
import { failureOf, type Made, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const type = "aws:cloudwatch/metricAlarm:MetricAlarm";

let service: CloudWatch;
let cloud: ProviderCloud;
let client: ProviderClient;
let made: Made;
beforeEach(async () => {
  service = createCloudWatch({
    dials: quickDials,
    outages: new Outages(),
    notifications: new Notifications(),
    functions: () => ({ permits: () => false, call: async () => {} }),
  });
  cloud = await startProviderCloud([service]);
  client = await cloud.connect(west);
  made = await client.make(type, inputs());
});
afterEach(async () => {
  await cloud.close();
  await service.close();
});

const inputs = (more = {}) => ({
  name: "switched",
  namespace: "Orders",
  metricName: "Named",
  dimensions: { Service: "orders" },
  statistic: "Maximum",
  period: 60,
  evaluationPeriods: 1,
  threshold: 1,
  comparisonOperator: "GreaterThanOrEqualToThreshold",
  alarmActions: [`arn:aws:sns:${west}:123456789012:watch`],
  tags: { of: "orders" },
  ...more,
});

const change = async (more: object) => {
  const checked = await client.check(type, inputs(more), made.inputs);
  return { inputs: checked.inputs, diff: await client.diff(type, made, checked.inputs) };
};

it("makes an alarm that CloudWatch knows, with nothing to plan after a refresh", async () => {
  expect(made.id).toBe("switched");
  expect(made.outputs).toMatchObject({
    arn: `arn:aws:cloudwatch:${west}:123456789012:alarm:switched`,
    tags: { of: "orders" },
    treatMissingData: "missing",
  });
  expect(cloud.newCalls()).toEqual(["PutMetricAlarm", "DescribeAlarms", "ListTagsForResource"]);
  const refreshed = (await client.read(type, made)) ?? made;
  expect((await client.diff(type, refreshed, made.inputs)).diffsList).toEqual([]);
});

it("changes in place, and its tags by calls of their own", async () => {
  const { inputs: next, diff } = await change({ threshold: 2, tags: { of: "others" } });
  expect(diff.replacesList).toEqual([]);
  cloud.newCalls();
  const updated = await client.update(type, made, next);
  expect(cloud.newCalls().slice(0, 2)).toEqual(["TagResource", "PutMetricAlarm"]);
  expect(updated.outputs).toMatchObject({ threshold: 2, tags: { of: "others" } });
});

it("is replaced under another name, imported by its name, and gone after its deletion", async () => {
  expect((await change({ name: "other" })).diff.replacesList).toEqual(["name"]);
  expect((await client.read(type, { id: made.id }))?.outputs).toMatchObject({ period: 60 });
  await client.delete(type, made);
  expect(await client.read(type, made)).toBeUndefined();
  await client.delete(type, made);
});

it("says so when CloudWatch refuses it", async () => {
  const failure = await failureOf(client.make(type, inputs({ name: "other", period: 90 })));
  expect(failure.message).toMatch(
    /creating CloudWatch Metric Alarm \(other\): .*ValidationException/,
  );
});
