import {
  activeMetricName,
  type DashboardBody,
  type DashboardMetric,
  dashboardBodies,
  dashboardColumns,
  dashboardLimits,
  databaseIdentifier,
  lagMetricName,
  nativeAlarms,
  watchedFindings,
} from "@standby/topology";
import { beforeAll, describe, expect, it } from "vitest";
import { type Run, run } from "./stack-mocks.ts";
import { failedOver, laterWest } from "./worlds.ts";

const dashboardType = "aws:cloudwatch/dashboard:Dashboard";
const on = { "standby:monitoring": "true" };
const keys = ["pair", "primary", "recovery"] as const;

/** What somebody publishes: the monitor, RDS, and Lambda of the functions that are there. */
const published: Readonly<Record<string, readonly string[]>> = {
  Standby: [...watchedFindings, lagMetricName, activeMetricName],
  "AWS/RDS": ["CPUUtilization", "DatabaseConnections", "FreeStorageSpace", "ReplicaLag"],
  "AWS/Lambda": ["Duration", "Errors", "Invocations"],
};

const bodyText = (stack: Run, key: string): string =>
  String(stack.resource(dashboardType, `dashboards-${key}`).inputs["dashboardBody"]);
const bodyOf = (stack: Run, key: string) => JSON.parse(bodyText(stack, key)) as DashboardBody;

const graphsOf = ({ widgets }: DashboardBody) =>
  widgets.flatMap((widget) => (widget.type === "metric" ? [widget.properties] : []));

const expressionOf = (metric: DashboardMetric): string | undefined => {
  const options = metric.at(-1);
  return typeof options === "object" ? options.expression : undefined;
};

const searchOf = (metric: DashboardMetric): readonly string[] => {
  const expression = expressionOf(metric);
  return expression?.startsWith("SEARCH") ? [expression] : [];
};

/** Namespace and name of a line, also of one that is searched for. An expression of other lines has none. */
const namesOf = (metric: DashboardMetric): readonly [string, string] | undefined => {
  const expression = expressionOf(metric);
  if (expression === undefined) return [String(metric[0]), String(metric[1])];
  const [, namespace = "", name = ""] = /\{([^,]+),.*MetricName="(\w+)"/.exec(expression) ?? [];
  return namespace === "" ? undefined : [namespace, name];
};

describe("a recovery stack with monitoring", () => {
  let stack: Run;
  beforeAll(async () => {
    stack = await run(laterWest(on));
  }, 60_000);

  it("has a dashboard for the pair and one for each Region, named after them", () => {
    expect(stack.ofType(dashboardType).map(({ inputs }) => inputs["dashboardName"])).toEqual([
      "orders-prod-pair",
      "orders-prod-us-east-1",
      "orders-prod-us-west-2",
    ]);
  });

  it.each(keys)("draws in that of the %s only what somebody publishes", (key) => {
    const names = graphsOf(bodyOf(stack, key)).flatMap(({ metrics }) =>
      metrics.flatMap((metric) => namesOf(metric) ?? []),
    );
    expect(names.length).toBeGreaterThan(10);
    const unknown = graphsOf(bodyOf(stack, key))
      .flatMap(({ metrics }) => metrics.flatMap((metric) => [namesOf(metric)]))
      .filter((name) => name && !published[name[0]]?.includes(name[1]));
    expect(unknown).toEqual([]);
  });

  it.each(keys)("draws in that of the %s the functions that are declared", (key) => {
    const functions = graphsOf(bodyOf(stack, key)).flatMap(({ metrics }) =>
      metrics.flatMap((metric) => (metric[0] === "AWS/Lambda" ? [metric[3]] : [])),
    );
    const declared = stack
      .ofType("aws:lambda/function:Function")
      .map(({ inputs }) => inputs["name"]);
    expect(functions.filter((name) => !declared.includes(name))).toEqual([]);
  });

  it.each(keys)("lets no two widgets of the %s lie on each other, or beside the grid", (key) => {
    const taken = new Set<string>();
    let cells = 0;
    for (const { x, y, width, height } of bodyOf(stack, key).widgets) {
      expect(x + width).toBeLessThanOrEqual(dashboardColumns);
      for (let column = x; column < x + width; column++)
        for (let row = y; row < y + height; row++) {
          taken.add(`${column} ${row}`);
          cells++;
        }
    }
    expect(taken.size).toBe(cells);
  });

  it.each(keys)("keeps that of the %s within CloudWatch's bounds", (key) => {
    const body = bodyOf(stack, key);
    expect(body.widgets.length).toBeLessThanOrEqual(dashboardLimits.widgets);
    const counts = graphsOf(body).map(({ metrics }) =>
      metrics.reduce(
        (sum, metric) =>
          sum + Math.max(1, expressionOf(metric)?.match(/"orders-prod-\d+"/g)?.length ?? 1),
        0,
      ),
    );
    expect(Math.max(...counts)).toBeLessThanOrEqual(dashboardLimits.metricsOfGraph);
    expect(counts.reduce((one, other) => one + other, 0)).toBeLessThan(dashboardLimits.metrics);
    for (const { metrics } of graphsOf(body))
      for (const metric of metrics)
        expect(expressionOf(metric)?.length ?? 0).toBeLessThanOrEqual(1_024);
  });

  it("shows each Region's database and functions by that Region's metrics", () => {
    for (const [key, region] of [
      ["primary", "us-east-1"],
      ["recovery", "us-west-2"],
    ] as const) {
      const own = graphsOf(bodyOf(stack, key)).filter(
        ({ metrics: [first] }) => first && namesOf(first)?.[0] !== "Standby",
      );
      expect(own.map((graph) => graph.region)).toEqual(own.map(() => region));
      expect(own).toHaveLength(7);
    }
  });

  it("shows the state of every alarm that is declared", () => {
    const alarms = bodyOf(stack, "pair").widgets.flatMap((widget) =>
      widget.type === "alarm" ? widget.properties.alarms : [],
    );
    const declared = stack
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ inputs }) => `arn:aws:cloudwatch:us-west-2:123456789012:alarm:${inputs["name"]}`);
    expect([...alarms].sort()).toEqual(declared.sort());
    expect(alarms).toHaveLength(13);
  });

  it("names the runbook's section of every alarm", () => {
    const texts = bodyOf(stack, "pair").widgets.flatMap((widget) =>
      widget.type === "text" ? [widget.properties.markdown] : [],
    );
    for (const code of [...watchedFindings, ...nativeAlarms])
      expect(texts.join("\n")).toContain(`\`#${code}\``);
  });

  it("draws what rings and what a failover may lose as lines", () => {
    const lines = keys.flatMap((key) =>
      graphsOf(bodyOf(stack, key)).flatMap(({ annotations }) => annotations?.horizontal ?? []),
    );
    expect(lines).toEqual([
      { label: "recoveryPoint.maximumLagSeconds", value: 60 },
      { label: "the schedule", value: 30 },
      { label: "connections-high", value: 273 },
      { label: "storage-low", value: 5 * 2 ** 30 },
    ]);
  });

  it("is left as it is by a failover", async () => {
    const moved = await run(failedOver({ ...on, "standby:failover": "true" }));
    for (const key of keys) expect(bodyText(moved, key)).toBe(bodyText(stack, key));
  });

  it("is left as it is by a next generation, which it finds by its name", () => {
    const bodies = (generation: number) =>
      dashboardBodies({
        service: "orders-prod",
        accountId: "123456789012",
        primaryRegion: "us-east-1",
        recoveryRegion: "us-west-2",
        primaryDatabase: databaseIdentifier("orders-prod", generation),
        recoveryDatabase: databaseIdentifier("orders-prod", generation),
        dnsSwitch: "record",
        maximumLagSeconds: 60,
        lowStorageBytes: 5 * 2 ** 30,
        manyConnections: 273,
      });
    for (const key of keys) {
      expect(bodyText(stack, key)).toBe(JSON.stringify(bodies(1)[key]));
      expect(bodies(20)[key]).toEqual(bodies(1)[key]);
    }
    for (const generation of [1, 20, 21])
      expect(
        graphsOf(bodies(generation).primary).flatMap(({ metrics }) => metrics.flatMap(searchOf)),
      ).toEqual(
        Array(4).fill(
          expect.stringContaining(`"${databaseIdentifier("orders-prod", generation)}"`),
        ),
      );
  });

  it("holds nothing of a secret", () => {
    for (const key of keys) expect(bodyText(stack, key)).not.toMatch(/password|secretsmanager/i);
  });
});

it("a recovery stack without monitoring has no dashboard", async () => {
  expect((await run(laterWest())).ofType(dashboardType)).toEqual([]);
});
