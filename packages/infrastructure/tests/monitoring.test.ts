import { alarmName, nativeAlarms, watchedFindings } from "@standby/topology";
import { beforeAll, describe, expect, it } from "vitest";
import { manyConnections } from "../src/connection-limit.ts";
import { type Run, run } from "./stack-mocks.ts";
import { failedOver, laterWest } from "./worlds.ts";

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const functionType = "aws:lambda/function:Function";
const on = { "standby:monitoring": "true" };
const codes = [...watchedFindings, ...nativeAlarms];

const pairTold = (stack: Run): Record<string, unknown> => {
  const { variables } = stack.resource(functionType, "monitor").inputs["environment"] as {
    readonly variables: { readonly MONITORED_PAIR: string };
  };
  return JSON.parse(variables.MONITORED_PAIR) as Record<string, unknown>;
};

describe("a recovery stack with monitoring", () => {
  let stack: Run;
  beforeAll(async () => {
    stack = await run(laterWest(on));
  }, 60_000);

  it("has one alarm for each finding, named after it, which leads to its section", () => {
    const alarms = stack.ofType(alarmType).map(({ inputs }) => inputs);
    expect(alarms.map(({ name }) => name).sort()).toEqual(
      codes.map((code) => alarmName("orders-prod", code)).sort(),
    );
    for (const code of codes) {
      const { inputs } = stack.resource(alarmType, `alarms-${code}`);
      expect(inputs["alarmDescription"]).toContain(`docs/runbook.md#${code}`);
    }
  });

  it("takes the monitor's silence for bad, and that of a verdict for no change", () => {
    const missing = (code: string) =>
      stack.resource(alarmType, `alarms-${code}`).inputs["treatMissingData"];
    expect([missing("monitor-silent"), missing("preflight-stale")]).toEqual([
      "breaching",
      "breaching",
    ]);
    expect(missing("preflight-red")).toBe("ignore");
  });

  it("looks every minute and runs the preflight every 30, outside every VPC", () => {
    const schedule = (ask: string) =>
      stack.resource("aws:cloudwatch/eventRule:EventRule", `monitor-${ask}`).inputs[
        "scheduleExpression"
      ];
    expect([schedule("look"), schedule("preflight")]).toEqual([
      "rate(1 minute)",
      "rate(30 minutes)",
    ]);
    expect(stack.resource(functionType, "monitor").inputs["vpcConfig"]).toBeUndefined();
    expect(
      stack.resource("aws:cloudwatch/logGroup:LogGroup", "monitor-logs").inputs["retentionInDays"],
    ).toBe(30);
  });

  it("lets the monitor read no secret and change nothing", () => {
    const policy = String(
      stack.resource("aws:iam/rolePolicy:RolePolicy", "monitor-policy").inputs["policy"],
    );
    const { Statement } = JSON.parse(policy) as {
      readonly Statement: readonly { readonly Action: string | readonly string[] }[];
    };
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
      "cloudwatch:PutMetricData",
      "events:PutEvents",
      "lambda:GetFunctionConfiguration",
      "lambda:InvokeFunction",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "rds:DescribeDBInstances",
      "rds:DescribeDBParameters",
      "route53:GetHostedZone",
      "route53:ListResourceRecordSets",
      "s3:GetObject",
      "s3:ListBucket",
      "secretsmanager:DescribeSecret",
    ]);
  });

  it("tells the monitor nothing that a failover changes, and no more than Lambda takes", async () => {
    const moved = await run(failedOver({ ...on, "standby:failover": "true" }));
    expect(pairTold(moved)).toEqual(pairTold(stack));
    expect(JSON.stringify(pairTold(stack)).length).toBeLessThan(3_500);
  });
});

it("a recovery stack without monitoring has none of it", async () => {
  const stack = await run(laterWest());
  expect(stack.ofType(alarmType)).toEqual([]);
  expect(stack.resources.map(({ name }) => name)).not.toContain("monitor");
});

it.each([
  ["db.t4g.micro", 68],
  ["db.t4g.medium", 273],
  ["db.m7g.large", 546],
  ["db.r7g.2xlarge", 4369],
  ["db.unheard.of", 68],
])("%s has many connections from %i", (instanceClass, connections) => {
  expect(manyConnections(instanceClass)).toBe(connections);
});
