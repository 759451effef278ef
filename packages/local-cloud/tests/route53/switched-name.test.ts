import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  type InsufficientDataHealthStatus,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCloudWatch } from "../../src/cloudwatch/cloudwatch.ts";
import { resolve } from "../../src/dns-server/resolution.ts";
import { Notifications } from "../../src/notifications.ts";
import { createRoute53, type Route53 } from "../../src/route53/route53.ts";
import {
  east,
  eventually,
  quickDials,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";

const name = "db.orders.internal";
const minuteSeconds = 0.1;
const topic = `arn:aws:sns:${west}:123456789012:watch`;
let cloud: TestCloud;
let route53: Route53;
let metrics: CloudWatchClient;
let notifications: Notifications;
let publisher: NodeJS.Timeout | undefined;
let seen: string[];
let watch: NodeJS.Timeout;
let close: () => Promise<unknown>;

beforeEach(async () => {
  notifications = new Notifications();
  seen = [];
  cloud = await startTestCloud(({ outages }) => {
    const dials = {
      ...quickDials,
      scheduleMinuteSeconds: minuteSeconds,
      alarmEvaluationSeconds: 0.01,
      healthCheckSeconds: 0.01,
      recordPropagationSeconds: 0,
    };
    const cloudWatch = createCloudWatch({
      dials,
      outages,
      notifications,
      functions: () => ({ permits: () => false, call: async () => {} }),
    });
    route53 = createRoute53({ dials, alarms: cloudWatch.alarms });
    close = () => Promise.all([cloudWatch.close(), route53.close()]);
    return [cloudWatch, route53];
  });
  metrics = new CloudWatchClient(cloud.clientOptions(west));
  await deploy();
  watch = setInterval(() => seen.push(answer()), 5);
});
afterEach(async () => {
  clearInterval(publisher);
  clearInterval(watch);
  await cloud.endpoint.close();
  await close();
});

const answer = () =>
  resolve(name, "CNAME", { authorities: [route53.names], maximumTtlSeconds: undefined }).answers[0]
    ?.data ?? "nothing";

/** As the program declares it, but for the status without data, which a test may choose. */
async function deploy(status: InsufficientDataHealthStatus = "LastKnownStatus") {
  const client = new Route53Client(cloud.clientOptions(east));
  await metrics.send(
    new PutMetricAlarmCommand({
      AlarmName: "named",
      Namespace: "Standby",
      MetricName: "RecoveryRegionNamed",
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "missing",
      AlarmActions: [topic],
      InsufficientDataActions: [topic],
    }),
  );
  const zone = await client.send(
    new CreateHostedZoneCommand({ Name: "orders.internal", CallerReference: status }),
  );
  const check = await client.send(
    new CreateHealthCheckCommand({
      CallerReference: status,
      HealthCheckConfig: {
        Type: "CLOUDWATCH_METRIC",
        AlarmIdentifier: { Name: "named", Region: west },
        InsufficientDataHealthStatus: status,
      },
    }),
  );
  const side = (SetIdentifier: string, Failover: "PRIMARY" | "SECONDARY"): Change => ({
    Action: "CREATE",
    ResourceRecordSet: {
      Name: name,
      Type: "CNAME",
      TTL: 5,
      SetIdentifier,
      Failover,
      ResourceRecords: [{ Value: SetIdentifier }],
      ...(Failover === "PRIMARY" ? { HealthCheckId: check.HealthCheck?.Id } : {}),
    },
  });
  await client.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.HostedZone?.Id,
      ChangeBatch: { Changes: [side("east", "PRIMARY"), side("west", "SECONDARY")] },
    }),
  );
  await eventually(answer, (value) => value === "east");
}

const put = (Value: number, Timestamp = new Date()) =>
  metrics.send(
    new PutMetricDataCommand({
      Namespace: "Standby",
      MetricData: [{ MetricName: "RecoveryRegionNamed", Value, Timestamp }],
    }),
  );
/** As the function does, every minute; and several times, so that none goes without. */
function publish(...values: readonly number[]) {
  clearInterval(publisher);
  publisher = setInterval(() => {
    for (const value of values) void put(value).catch(() => {});
  }, minuteSeconds * 400);
}
const silence = () => clearInterval(publisher);
const minutes = (count: number) =>
  new Promise((done) => setTimeout(done, count * minuteSeconds * 1000));
const failedOver = async () => {
  publish(1);
  await eventually(answer, (value) => value === "west");
  seen.length = 0;
};
const answers = () => [...new Set(seen)];

describe("before a move, the name stays in the primary Region", () => {
  it("while nobody ever published", async () => {
    await minutes(8);
    expect(answers()).toEqual(["east"]);
  });

  it("when the publisher dies, is late, and comes back", async () => {
    publish(0);
    await minutes(3);
    silence();
    await minutes(6);
    await put(1, new Date(Date.now() - 60_000));
    publish(0);
    await minutes(3);
    expect(answers()).toEqual(["east"]);
  });

  it("when the recovery Region is lost and returns", async () => {
    publish(0);
    await minutes(3);
    await cloud.outages.lose(west, "refuse");
    await minutes(6);
    await cloud.outages.restore(west);
    await minutes(3);
    expect(answers()).toEqual(["east"]);
  });
});

describe("after a move, the name stays in the recovery Region", () => {
  it("when the publisher dies in the minute of the move", async () => {
    publish(0);
    await minutes(3);
    silence();
    await put(1);
    await eventually(answer, (value) => value === "west");
    seen.length = 0;
    await minutes(8);
    expect(answers()).toEqual(["west"]);
  });

  it("when the publisher dies later, and comes back", async () => {
    await failedOver();
    silence();
    await minutes(8);
    publish(1);
    await minutes(3);
    expect(answers()).toEqual(["west"]);
  });

  it("when an old publication comes late, or another one contradicts it in the same minute", async () => {
    await failedOver();
    await put(0, new Date(Date.now() - 60_000));
    publish(0, 1);
    await minutes(6);
    expect(answers()).toEqual(["west"]);
  });

  it("when the alarm is deleted, whatever is published then", async () => {
    await failedOver();
    await metrics.send(new DeleteAlarmsCommand({ AlarmNames: ["named"] }));
    publish(0);
    await minutes(6);
    expect(answers()).toEqual(["west"]);
  });

  it("when both Regions are lost and return, and Route 53's control plane with them", async () => {
    await failedOver();
    cloud.outages.loseRoute53ControlPlane("5xx");
    await cloud.outages.lose(east, "refuse");
    await cloud.outages.lose(west, "refuse");
    await minutes(6);
    await cloud.outages.restore(west);
    await cloud.outages.restore(east);
    cloud.outages.restoreRoute53ControlPlane();
    await minutes(3);
    expect(answers()).toEqual(["west"]);
  });
});

it("rings when the name leaves the primary Region, and when nobody says any more where it belongs", async () => {
  publish(0);
  await minutes(4);
  await failedOver();
  silence();
  await eventually(
    () => notifications.all().map(({ subject }) => subject.split(":")[0]),
    (subjects) => subjects.includes("ALARM") && subjects.at(-1) === "INSUFFICIENT_DATA",
  );
});
