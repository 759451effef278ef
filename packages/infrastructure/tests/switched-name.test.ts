import { describe, expect, it } from "vitest";
import { addressOf } from "./mock-aws.ts";
import { failure, type Run, run, type World } from "./stack-mocks.ts";
import {
  failedOver,
  firstWest,
  laterWest,
  rebuiltEast,
  returning,
  standalone,
  stray,
} from "./worlds.ts";

const recordType = "aws:route53/record:Record";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const functionType = "aws:lambda/function:Function";
const eastAddress = addressOf("orders-prod-1", "us-east-1");
const westAddress = addressOf("orders-prod-1", "us-west-2");
const chosen = { "standby:dnsSwitch": "health-check" };
const west = "organization/standby/prod-west";

/** As the world is, with this way chosen on its first day. */
const switched = (world: World): World => ({
  ...world,
  config: { ...world.config, ...chosen },
  outputs: {
    ...world.outputs,
    ...(world.outputs?.[west] && {
      [west]: { ...world.outputs[west], dnsSwitch: "health-check" },
    }),
  },
});
const under = (flags: Readonly<Record<string, string>>) => switched(laterWest(flags));
const named = (result: Run) =>
  (result.resource(functionType, "dns-switch").inputs["environment"] as { variables: object })
    .variables;
const actionsOf = (result: Run) =>
  ["switched-switched", "switched-returned"].map(
    (name) => result.resource(alarmType, name).inputs["actionsEnabled"],
  );
const targetsOf = (result: Run) =>
  ["switched-primary", "switched-recovery"].map(
    (name) => result.resource(recordType, name).inputs["records"],
  );

describe("the name under dnsSwitch health-check", () => {
  it("is two protected failover records from the first day, and no plain one", async () => {
    const result = await run(switched(firstWest()));
    expect(result.ofType(recordType)).toHaveLength(2);
    const primary = result.resource(recordType, "switched-primary");
    expect(primary.inputs).toEqual({
      zoneId: "Z123",
      name: "db.orders.internal",
      type: "CNAME",
      ttl: 30,
      records: [eastAddress],
      setIdentifier: "us-east-1",
      failoverRoutingPolicies: [{ type: "PRIMARY" }],
      healthCheckId: "switched-id",
    });
    expect(primary.options.protect).toBe(true);
    expect(result.resource(recordType, "switched-recovery").inputs).toMatchObject({
      records: [westAddress],
      setIdentifier: "us-west-2",
      failoverRoutingPolicies: [{ type: "SECONDARY" }],
    });
    expect(result.outputs).toMatchObject({ dnsSwitch: "health-check", recordRegion: "us-east-1" });
  });

  it("follows an alarm of this Region whose silence moves nothing", async () => {
    const result = await run(switched(firstWest()));
    expect(result.resource("aws:route53/healthCheck:HealthCheck", "switched").inputs).toMatchObject(
      {
        type: "CLOUDWATCH_METRIC",
        cloudwatchAlarmName: "orders-prod-name-in-recovery-region",
        cloudwatchAlarmRegion: "us-west-2",
        insufficientDataHealthStatus: "LastKnownStatus",
      },
    );
    expect(result.resource(alarmType, "switched-switched").inputs).toMatchObject({
      namespace: "StandbyDnsSwitch/orders-prod",
      metricName: "RecoveryRegionNamed",
      dimensions: { Service: "orders-prod" },
      statistic: "Maximum",
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      treatMissingData: "missing",
    });
  });

  it("is published by a function that joins no VPC and has a role of its own", async () => {
    const result = await run(switched(firstWest()));
    const fn = result.resource(functionType, "dns-switch").inputs;
    expect(fn["vpcConfig"]).toBeUndefined();
    expect(fn["name"]).toBe("orders-prod-dns-switch");
    expect(named(result)).toEqual({
      NAMED_REGION: "us-east-1",
      PRIMARY_REGION: "us-east-1",
      SERVICE: "orders-prod",
    });
    const policy = String(
      result.resource("aws:iam/rolePolicy:RolePolicy", "dns-switch-policy").inputs["policy"],
    );
    expect(JSON.parse(policy).Statement[0]).toMatchObject({
      Action: "cloudwatch:PutMetricData",
      Condition: { StringEquals: { "cloudwatch:namespace": "StandbyDnsSwitch/orders-prod" } },
    });
  });

  it.each([
    ["normal times", under({}), "us-east-1"],
    ["readOnlyFailover", under({ "standby:readOnlyFailover": "true" }), "us-west-2"],
    ["failover", under({ "standby:failover": "true" }), "us-west-2"],
    ["a promotion by somebody else", switched(laterWest({}, stray)), "us-east-1"],
    ["a failover that is over", switched(failedOver({ "standby:failover": "true" })), "us-west-2"],
  ])("leads in %s by the function's one value alone", async (_, world, region) => {
    const result = await run(world);
    expect(named(result)).toMatchObject({ NAMED_REGION: region });
    expect(targetsOf(result)).toEqual([[eastAddress], [westAddress]]);
    expect(result.outputs["recordRegion"]).toBe(region);
    // Whoever leaves the Region that was asked for rings; the other alarm says the opposite all the time.
    expect(actionsOf(result)).toEqual([region === "us-east-1", region === "us-west-2"]);
  });

  it("moves after the promotion, the alarms and the records", async () => {
    const { options } = (await run(under({ "standby:failover": "true" }))).resource(
      functionType,
      "dns-switch",
    );
    const waitsFor = options.dependsOn.map((urn) => urn.split("::").at(-1));
    expect(waitsFor).toEqual(
      expect.arrayContaining([
        "database-1",
        "switched-primary",
        "switched-switched",
        "switched-returned",
      ]),
    );
  });

  it("does not move onto a database that is still a replica", async () => {
    const { message, resources } = await failure({
      ...under({ "standby:failover": "true" }),
      sourceAfterUpdate: eastAddress,
    });
    expect(message).toContain("is still a read replica");
    expect(resources.map(({ name }) => name)).not.toContain("dns-switch");
  });

  it("is pinned by both records, after the move", async () => {
    const flags = { "standby:failover": "true", "standby:pinned": "true" };
    expect(targetsOf(await run(switched(failedOver(flags))))).toEqual([
      [westAddress],
      [westAddress],
    ]);
    expect((await failure(under(flags))).message).toContain("standby:pinned");
  });

  it("returns to the primary Region's next database once this Region's is fenced", async () => {
    const world = switched(
      returning(rebuiltEast, {
        ...(failedOver().outputs?.["organization/standby/prod-east"] ?? {}),
        database: {
          identifier: "orders-prod-2",
          arn: "arn:aws:rds:us-east-1:123456789012:db:orders-prod-2",
          address: addressOf("orders-prod-2", "us-east-1"),
          port: 3306,
        },
      }),
    );
    const result = await run(world);
    expect(named(result)).toMatchObject({ NAMED_REGION: "us-east-1" });
    expect(targetsOf(result)[0]).toEqual([addressOf("orders-prod-2", "us-east-1")]);
    expect(
      result
        .resource(functionType, "dns-switch")
        .options.dependsOn.map((urn) => urn.split("::").at(-1)),
    ).toContain("database-1");
  });

  it("keeps the former name beside the new one until nobody uses it", async () => {
    const world = laterWest({
      ...chosen,
      "standby:databaseHostName": "database.orders.internal",
      "standby:record": '{"former":"db.orders.internal"}',
    });
    const east = "organization/standby/prod-east";
    const result = await run({
      ...world,
      outputs: {
        [west]: { ...world.outputs?.[west], databaseHostName: "db.orders.internal" },
        [east]: { ...world.outputs?.[east], databaseHostName: "database.orders.internal" },
      },
    });
    expect(result.resource(recordType, "record").inputs["name"]).toBe("db.orders.internal");
    expect(result.resource(recordType, "switched-primary").inputs["name"]).toBe(
      "database.orders.internal",
    );
    expect(result.warnings).toEqual([expect.stringContaining("db.orders.internal is kept")]);
  });

  it("is refused in place of a plain record of the same name", async () => {
    const { message } = await failure(laterWest(chosen));
    expect(message).toContain("standby:dnsSwitch: changes only together with databaseHostName");
  });

  it("declares the promoted database once as ever", async () => {
    const result = await run(switched(laterWest({ "standby:failover": "true" }, standalone)));
    expect(result.ofType("aws:rds/instance:Instance")).toHaveLength(1);
  });
});
