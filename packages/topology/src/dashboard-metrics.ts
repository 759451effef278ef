import {
  type DashboardContent,
  type DashboardMetric,
  graph,
  type Statistic,
} from "./dashboard-body.ts";
import type { DashboardFacts } from "./dashboard-facts.ts";
import { monitorMetrics, type WatchedFinding } from "./monitor.ts";

export interface DashboardFunction {
  readonly name: string;
  readonly region: string;
  readonly label: string;
}

/** One line a function, of AWS's own metrics. */
export const functionLines = (
  metric: "Duration" | "Errors" | "Invocations",
  functions: readonly DashboardFunction[],
): readonly DashboardMetric[] =>
  functions.map(({ name, region, label }) => [
    "AWS/Lambda",
    metric,
    "FunctionName",
    name,
    { label, region },
  ]);

type DatabaseMetric = "CPUUtilization" | "DatabaseConnections" | "FreeStorageSpace" | "ReplicaLag";

/** One line for each of these databases that reports the metric. In quotes a name is found only as it is. */
export const databaseLines =
  (identifiers: readonly string[]) =>
  (metric: DatabaseMetric, stat: Statistic): readonly DashboardMetric[] => {
    const names = identifiers.map((identifier) => `"${identifier}"`).join(" OR ");
    const query = `{AWS/RDS,DBInstanceIdentifier} MetricName="${metric}" DBInstanceIdentifier=(${names})`;
    return [[{ id: "databases", expression: `SEARCH('${query}', '${stat}', 60)` }]];
  };

/** A line at 1 is not to lie on the frame. */
export const aboveOne = 1.2;

/** A metric of the monitor. */
export const monitorLine = (service: string, name: string, label = name): DashboardMetric => [
  monitorMetrics.namespace,
  name,
  monitorMetrics.dimension,
  service,
  { label },
];

/** Minutes since the monitor last published a metric: between two datapoints it rises. */
export const monitorAge = (
  service: string,
  name: string,
  label: string,
): readonly DashboardMetric[] => [
  [
    monitorMetrics.namespace,
    name,
    monitorMetrics.dimension,
    service,
    { id: "last", visible: false },
  ],
  [
    {
      id: "age",
      expression: "(EPOCH(FILL(last, 0)) - FILL(EPOCH(last), REPEAT)) / 60",
      label,
    },
  ],
];

/** Findings of the monitor: a line at 1 is one that holds, a gap is that nobody looked. */
export const findingsGraph = (
  { service, recoveryRegion }: DashboardFacts,
  title: string,
  codes: readonly WatchedFinding[],
): DashboardContent =>
  graph({
    title,
    region: recoveryRegion,
    stat: "Maximum",
    metrics: codes.map((code) => monitorLine(service, code)),
    maximum: aboveOne,
  });
