import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEvents } from "../../src/events/events.ts";
import type { FunctionUse } from "../../src/function-use.ts";
import {
  eventually,
  quickDials,
  refusalOf,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";

const functionArn = "arn:aws:lambda:us-west-2:123456789012:function:orders-prod-probe";
let cloud: TestCloud;
let client: EventBridgeClient;
let calls: { readonly region: string; readonly arn: string; readonly event: object }[];
let permitted: boolean;
let close: () => Promise<void>;

const functions: FunctionUse = {
  permits: ({ service, sourceArn }) =>
    permitted && service === "events.amazonaws.com" && sourceArn.endsWith(":rule/beat"),
  async call(region, arn, event) {
    calls.push({ region, arn, event });
    throw new Error("the function failed");
  },
};

beforeEach(async () => {
  calls = [];
  permitted = true;
  cloud = await startTestCloud(({ outages }) => {
    const events = createEvents({
      functions,
      outages,
      dials: { ...quickDials, scheduleMinuteSeconds: 0.02 },
    });
    close = () => events.close();
    return [events];
  });
  client = new EventBridgeClient(cloud.clientOptions(west));
});
afterEach(async () => {
  await cloud.endpoint.close();
  await close();
});

const putRule = (more: object = {}) =>
  client.send(new PutRuleCommand({ Name: "beat", ScheduleExpression: "rate(1 minute)", ...more }));
const putTarget = (Input?: string) =>
  client.send(
    new PutTargetsCommand({ Rule: "beat", Targets: [{ Id: "probe", Arn: functionArn, Input }] }),
  );
const twice = () =>
  eventually(
    () => calls.length,
    (count) => count >= 2,
  );

describe("a scheduled rule", () => {
  it("calls its function again and again with its input, also after a failure", async () => {
    await putRule();
    await putTarget('{"ask":"heartbeat"}');
    await twice();
    expect(calls[0]).toEqual({ region: west, arn: functionArn, event: { ask: "heartbeat" } });
  });

  it("without an input tells when it was", async () => {
    await putRule();
    await putTarget();
    await twice();
    expect(calls[0]?.event).toMatchObject({ source: "aws.events", region: west });
  });

  it("calls nobody without the function's permission", async () => {
    permitted = false;
    await putRule();
    await putTarget();
    permitted = await new Promise((resolve) => setTimeout(() => resolve(true), 100));
    expect(calls.length).toBe(0);
    await twice();
  });

  it("stops when it is disabled, when its Region is lost, and goes on with it", async () => {
    await putRule();
    await putTarget();
    await twice();
    await cloud.outages.lose(west, "hang");
    const before = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls.length).toBeLessThanOrEqual(before + 1);
    await cloud.outages.restore(west);
    await eventually(
      () => calls.length,
      (count) => count > before + 2,
    );
    await putRule({ State: "DISABLED" });
    const then = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(calls.length).toBeLessThanOrEqual(then + 1);
  });
});

describe("a rule", () => {
  it("is described as it was put, and deleted only without targets", async () => {
    await putRule({ Description: "every minute" });
    await putTarget();
    expect(await client.send(new DescribeRuleCommand({ Name: "beat" }))).toMatchObject({
      Arn: "arn:aws:events:us-west-2:123456789012:rule/beat",
      Description: "every minute",
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
    });
    expect(await refusalOf(client.send(new DeleteRuleCommand({ Name: "beat" })))).toMatchObject({
      name: "ValidationException",
    });
    await client.send(new RemoveTargetsCommand({ Rule: "beat", Ids: ["probe"] }));
    await client.send(new DeleteRuleCommand({ Name: "beat" }));
    expect(await refusalOf(client.send(new DescribeRuleCommand({ Name: "beat" })))).toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it.each(["rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "every minute"])(
    "with the schedule %s is refused",
    async (ScheduleExpression) => {
      expect(await refusalOf(putRule({ ScheduleExpression }))).toMatchObject({
        name: "ValidationException",
        message: "Parameter ScheduleExpression is not valid.",
      });
    },
  );

  it("by the calendar is not modelled, and says so", async () => {
    expect(await refusalOf(putRule({ ScheduleExpression: "cron(0 12 * * ? *)" }))).toMatchObject({
      name: "NotModelled",
      status: 501,
    });
  });
});
