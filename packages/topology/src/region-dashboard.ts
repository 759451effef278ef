import {
  type DashboardBody,
  type DashboardContent,
  dashboardBody,
  graph,
  text,
} from "./dashboard-body.ts";
import { type DashboardFacts, dashboardNames } from "./dashboard-facts.ts";
import {
  type DashboardFunction,
  databaseLines,
  findingsGraph,
  functionLines,
} from "./dashboard-metrics.ts";
import { databaseIdentifier, generationOf } from "./deployment.ts";

/** One Region, as its dashboard shows it. */
export interface DashboardSide {
  readonly role: "primary" | "recovery";
  readonly region: string;
  readonly database: string;
  readonly functions: readonly string[];
  readonly lowStorage?: { readonly label: string; readonly value: number };
  readonly manyConnections?: { readonly label: string; readonly value: number };
}

/** As many as a search expression has room for (1024 characters), of the longest name. */
const generationsShown = 20;

/**
 * Every database that the Region may have, so that a next generation changes nothing here: a search shows those that report. One that
 * was there before the program has a name of its own.
 */
function identifiersOf(service: string, identifier: string): readonly string[] {
  const generation = generationOf(service, identifier);
  const first = 1 + generationsShown * Math.floor(((generation ?? 1) - 1) / generationsShown);
  const own = Array.from({ length: generationsShown }, (_, index) =>
    databaseIdentifier(service, first + index),
  );
  return generation === undefined ? [identifier, ...own] : own;
}

export function regionBody(facts: DashboardFacts, side: DashboardSide): DashboardBody {
  const { service } = facts;
  const { role, region } = side;
  return dashboardBody([
    {
      height: 2,
      widgets: [
        text(
          `# ${service} in ${region}, the ${role} Region`,
          `Which Region takes writes now is on the dashboard **${dashboardNames(facts).pair}**. A Region that is lost shows nothing here; what the monitor says comes from ${facts.recoveryRegion}.`,
        ),
      ],
    },
    { height: 6, widgets: databaseGraphs(service, side) },
    { height: 6, widgets: functionGraphs(side) },
    {
      height: 6,
      widgets: [
        findingsGraph(facts, "Replication: findings of the monitor", [
          "not-replicating",
          "lag-unknown",
          "replication-lag",
        ]),
        findingsGraph(facts, "Secret: findings of the monitor", [
          "secret-not-in-sync",
          "secret-versions-differ",
        ]),
      ],
    },
  ]);
}

function databaseGraphs(
  service: string,
  { region, database, lowStorage, manyConnections }: DashboardSide,
): readonly DashboardContent[] {
  const lines = databaseLines(identifiersOf(service, database));
  return [
    graph({
      region,
      title: "Database: processor, %",
      stat: "Average",
      metrics: lines("CPUUtilization", "Average"),
      maximum: 100,
    }),
    graph({
      region,
      title: "Database: connections",
      stat: "Maximum",
      metrics: lines("DatabaseConnections", "Maximum"),
      bound: manyConnections,
    }),
    graph({
      region,
      title: "Database: free storage, bytes",
      stat: "Minimum",
      metrics: lines("FreeStorageSpace", "Minimum"),
      bound: lowStorage,
    }),
    graph({
      region,
      title: "Replica: seconds behind (-1: stopped)",
      stat: "Maximum",
      metrics: lines("ReplicaLag", "Maximum"),
      minimum: -1,
    }),
  ];
}

function functionGraphs({ region, functions }: DashboardSide): readonly DashboardContent[] {
  const here = functions.map((name): DashboardFunction => ({ name, region, label: name }));
  return [
    graph({
      title: "Functions: invocations a minute",
      region,
      stat: "Sum",
      metrics: functionLines("Invocations", here),
    }),
    graph({
      title: "Functions: errors a minute",
      region,
      stat: "Sum",
      metrics: functionLines("Errors", here),
    }),
    graph({
      title: "Functions: duration, p99, ms",
      region,
      stat: "p99",
      metrics: functionLines("Duration", here),
    }),
  ];
}
