import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
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
import { afterEach, beforeEach } from "vitest";
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
const namespace = "StandbyDnsSwitch/orders-prod";
const topic = `arn:aws:sns:${west}:123456789012:watch`;
/** What each test has of its own; whoever imports one sees the present test's. */
export let cloud: TestCloud;
export let metrics: CloudWatchClient;
export let notifications: Notifications;
let route53: Route53;
let publisher: NodeJS.Timeout | undefined;
let seen: string[];
let watch: NodeJS.Timeout;
let close: () => Promise<unknown>;

/** A name as the program declares it, in a cloud whose minute is a tenth of a second. */
export function useSwitchedName(): void {
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
}

export const answer = () =>
  resolve(name, "CNAME", { authorities: [route53.names], maximumTtlSeconds: undefined }).answers[0]
    ?.data ?? "nothing";

const alarm = (
  AlarmName: string,
  rule: Pick<PutMetricAlarmInput, "Statistic" | "ComparisonOperator">,
) =>
  new PutMetricAlarmCommand({
    AlarmName,
    Namespace: namespace,
    MetricName: "RecoveryRegionNamed",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    TreatMissingData: "missing",
    AlarmActions: [topic],
    InsufficientDataActions: [topic],
    ...rule,
  });

/** As the program declares it, but for the status without data, which a test may choose. */
async function deploy(status: InsufficientDataHealthStatus = "LastKnownStatus") {
  const client = new Route53Client(cloud.clientOptions(east));
  await metrics.send(
    alarm("named", {
      Statistic: "Maximum",
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    }),
  );
  await metrics.send(
    alarm("returned", { Statistic: "Minimum", ComparisonOperator: "LessThanThreshold" }),
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

export const put = (Value: number, Timestamp = new Date(), client = metrics) =>
  client.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: [{ MetricName: "RecoveryRegionNamed", Value, Timestamp }],
    }),
  );
/** As the function does, every minute; and several times, so that none goes without. */
export function publish(...values: readonly number[]) {
  clearInterval(publisher);
  publisher = setInterval(() => {
    // Of one moment: a border of two minutes must not come between them.
    const at = new Date();
    for (const value of values) void put(value, at).catch(() => {});
  }, minuteSeconds * 400);
}
export const silence = () => clearInterval(publisher);
export const minutes = (count: number) =>
  new Promise((done) => setTimeout(done, count * minuteSeconds * 1000));
export const failedOver = async () => {
  publish(1);
  await eventually(answer, (value) => value === "west");
  forgetAnswers();
};
export const forgetAnswers = () => {
  seen.length = 0;
};
export const answers = () => [...new Set(seen)];

/** Alarms that rang, by name. */
export const rung = () =>
  notifications.all().flatMap(({ subject }) => /^ALARM: "(\w+)"/.exec(subject)?.[1] ?? []);
