import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudWatch } from "../../src/cloudwatch/cloudwatch.ts";
import { Notifications } from "../../src/notifications.ts";
import {
  east,
  eventually,
  quickDials,
  refusalOf,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";

const topic = `arn:aws:sns:${west}:123456789012:watch`;
const functionArn = `arn:aws:lambda:${west}:123456789012:function:watcher`;
let cloud: TestCloud;
let client: CloudWatchClient;
let notifications: Notifications;
let functionCalls: object[];
let close: () => Promise<void>;

beforeEach(async () => {
  notifications = new Notifications();
  functionCalls = [];
  cloud = await startTestCloud(({ outages }) => {
    const service = createCloudWatch({
      dials: { ...quickDials, scheduleMinuteSeconds: 0.05, alarmEvaluationSeconds: 0.01 },
      outages,
      notifications,
      functions: () => ({
        permits: () => true,
        call: async (_region, _arn, event) => void functionCalls.push(event),
      }),
    });
    close = () => service.close();
    return [service];
  });
  client = new CloudWatchClient(cloud.clientOptions(west));
});
afterEach(async () => {
  await cloud.endpoint.close();
  await close();
});

const putAlarm = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
  client.send(
    new PutMetricAlarmCommand({
      AlarmName: "switched",
      Namespace: "Orders",
      MetricName: "Named",
      Dimensions: [{ Name: "Service", Value: "orders" }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      AlarmActions: [topic, functionArn],
      OKActions: [topic],
      Tags: [{ Key: "of", Value: "orders" }],
      ...more,
    }),
  );
const publish = (Value: number, Timestamp = new Date()) =>
  client.send(
    new PutMetricDataCommand({
      Namespace: "Orders",
      MetricData: [
        {
          MetricName: "Named",
          Dimensions: [{ Name: "Service", Value: "orders" }],
          Value,
          Timestamp,
        },
      ],
    }),
  );
const alarm = async (AlarmName = "switched") =>
  (await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms?.[0];
const untilState = (state: StateValue) => eventually(alarm, (found) => found?.StateValue === state);
/** As a publisher does, until the alarm says so. */
const untilPublished = (value: number, state: StateValue) =>
  eventually(
    async () => {
      await publish(value);
      return alarm();
    },
    (found) => found?.StateValue === state,
  );

describe("an alarm", () => {
  it("is told as it was put, with its tags, and starts without data", async () => {
    await putAlarm();
    expect(await alarm()).toMatchObject({
      AlarmArn: `arn:aws:cloudwatch:${west}:123456789012:alarm:switched`,
      StateValue: "INSUFFICIENT_DATA",
      ActionsEnabled: true,
      Statistic: "Maximum",
      TreatMissingData: "missing",
    });
    const tags = new ListTagsForResourceCommand({ ResourceARN: (await alarm())?.AlarmArn });
    expect((await client.send(tags)).Tags).toEqual([{ Key: "of", Value: "orders" }]);
  });

  it("follows its metric through every state, and tells topics and functions of each change once", async () => {
    await putAlarm();
    await untilPublished(0, "OK");
    await untilPublished(1, "ALARM");
    await untilState("INSUFFICIENT_DATA");
    expect(notifications.all().map(({ subject }) => subject)).toEqual([
      `OK: "switched" in ${west}`,
      `ALARM: "switched" in ${west}`,
    ]);
    expect(JSON.parse(notifications.all()[1]?.message ?? "")).toMatchObject({
      OldStateValue: "OK",
      NewStateValue: "ALARM",
      Trigger: { MetricName: "Named", Period: 60 },
    });
    await eventually(
      () => functionCalls,
      (calls) => calls.length === 1,
    );
    expect(functionCalls).toMatchObject([
      { source: "aws.cloudwatch", alarmData: { state: { value: "ALARM" } } },
    ]);
  });

  it("tells nobody while its actions are disabled, nor a topic of another Region", async () => {
    await putAlarm({ AlarmActions: [topic.replace(west, east)] });
    await untilPublished(1, "ALARM");
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ["switched"] }));
    await untilPublished(0, "OK");
    expect(notifications.all()).toEqual([]);
    const history = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: "switched", HistoryItemType: "Action" }),
    );
    expect(history.AlarmHistoryItems?.map((item) => item.HistorySummary)).toEqual([
      `Failed to execute action ${topic.replace(west, east)}`,
    ]);
  });

  it("keeps its state when it is changed, and stands still while its Region is lost", async () => {
    await putAlarm();
    await untilPublished(1, "ALARM");
    await cloud.outages.lose(west, "refuse");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await cloud.outages.restore(west);
    await putAlarm({ AlarmDescription: "changed" });
    expect(notifications.all()).toHaveLength(1);
    expect(await alarm()).toMatchObject({ AlarmDescription: "changed" });
  });

  it("is put into a state by hand until it is evaluated again", async () => {
    await putAlarm();
    await untilPublished(0, "OK");
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: "switched",
        StateValue: "ALARM",
        StateReason: "rehearsal",
      }),
    );
    expect(notifications.all().at(-1)?.subject).toMatch(/^ALARM/);
    await untilPublished(0, "OK");
  });

  it("is deleted, and not with one that is not there", async () => {
    await putAlarm();
    const remove = (...AlarmNames: string[]) =>
      client.send(new DeleteAlarmsCommand({ AlarmNames }));
    expect(await refusalOf(remove("switched", "other"))).toMatchObject({ status: 404 });
    expect(await alarm()).toBeDefined();
    await remove("switched");
    expect(await alarm()).toBeUndefined();
  });

  it.each([
    [{ Period: 90 }, "ValidationException"],
    [{ DatapointsToAlarm: 2 }, "ValidationException"],
    [{ Statistic: undefined }, "ValidationException"],
    [{ TreatMissingData: "fine" }, "ValidationException"],
    [{ Period: 10 }, "NotModelled"],
    [{ Metrics: [] }, "NotModelled"],
  ] as const)("is refused with %j", async (more, name) => {
    expect((await refusalOf(putAlarm(more as Partial<PutMetricAlarmCommandInput>))).name).toBe(
      name,
    );
    expect(await alarm()).toBeUndefined();
  });
});

describe("a metric", () => {
  it("is listed and told by period in its own Region", async () => {
    const start = new Date(Math.floor(Date.now() / 50) * 50 - 500);
    await publish(1, start);
    await publish(3, start);
    const asked = {
      Namespace: "Orders",
      MetricName: "Named",
      Dimensions: [{ Name: "Service", Value: "orders" }],
      StartTime: start,
      EndTime: new Date(start.getTime() + 100),
      Period: 60,
      Statistics: ["Average" as const, "SampleCount" as const],
    };
    const { Datapoints } = await client.send(new GetMetricStatisticsCommand(asked));
    expect(Datapoints).toEqual([{ Timestamp: start, Average: 2, SampleCount: 2 }]);
    expect((await client.send(new ListMetricsCommand({ Namespace: "Orders" }))).Metrics).toEqual([
      {
        Namespace: "Orders",
        MetricName: "Named",
        Dimensions: [{ Name: "Service", Value: "orders" }],
      },
    ]);
    const other = new CloudWatchClient(cloud.clientOptions(east));
    expect((await other.send(new GetMetricStatisticsCommand(asked))).Datapoints).toEqual([]);
  });

  it("is not taken in AWS's own namespaces", async () => {
    const command = new PutMetricDataCommand({
      Namespace: "AWS/RDS",
      MetricData: [{ MetricName: "ReplicaLag", Value: 0 }],
    });
    expect((await refusalOf(client.send(command))).name).toMatch(/^InvalidParameterValue/);
  });
});
