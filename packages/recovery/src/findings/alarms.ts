import { monitorFunctionName } from "@standby/topology";
import type { Database } from "./databases.ts";
import { describeDatabase, entry, stackOf, update } from "./entry.ts";

export type NoFacts = Readonly<Record<never, never>>;

const tail = (functionName: string, region: string): string =>
  `aws logs tail /aws/lambda/${functionName} --region ${region} --since 1h`;

/** What only an alarm tells: it follows from what AWS measures, or from silence, and no command looks for it. */
export const alarmFindings = {
  "preflight-red": entry<NoFacts>("error", (_, { recoveryRegion }) => ({
    message: `the scheduled preflight says that a failover to ${recoveryRegion} would be refused, or would not bring the application back`,
    remedy: ["standby preflight"],
  })),
  "preflight-stale": entry<NoFacts>("error", (_, { service, recoveryRegion }) => ({
    message: `no scheduled preflight ended for more than an hour: whether a failover would work is not known`,
    remedy: ["standby preflight", tail(monitorFunctionName(service), recoveryRegion)],
  })),
  "monitor-silent": entry<NoFacts>("error", (_, { service, recoveryRegion }) => ({
    message: `the monitor in ${recoveryRegion} has published nothing for minutes: its other alarms say nothing either`,
    remedy: ["standby status", tail(monitorFunctionName(service), recoveryRegion)],
  })),
  "storage-low": entry<Database>("error", (database, deployment) => ({
    message: `the storage of ${database.identifier} in ${database.region} is nearly full: full, it stops to replicate, or to take writes`,
    remedy: [
      describeDatabase(database.identifier, database.region),
      update(stackOf(deployment, database.region)),
    ],
  })),
  "connections-high": entry<Database>("warning", (database) => ({
    message: `${database.identifier} in ${database.region} has nearly as many connections as it takes: new ones will be refused`,
    remedy: [describeDatabase(database.identifier, database.region)],
  })),
  "functions-failing": entry<{ readonly functionName: string; readonly region: string }>(
    "error",
    ({ functionName, region }) => ({
      message: `${functionName} in ${region} fails`,
      remedy: [tail(functionName, region), "standby status"],
    }),
  ),
} as const;
