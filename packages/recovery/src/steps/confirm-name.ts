import type { LiveDatabase } from "../actions.ts";
import type { MoveContext } from "../move.ts";
import type { Side } from "../side.ts";
import type { Step } from "../step.ts";
import { awaitName, resolvesTo } from "./verify.ts";

/** The Region's own resolver has followed. */
export const confirmNameStep = (side: Side, database: LiveDatabase): Step<MoveContext> => ({
  id: "confirm-name",
  title: `The name leads to ${database.identifier} in ${side.region}`,
  byHand: ({ deployment }) => [
    `dig +short ${deployment.databaseHostName} CNAME   (in ${side.region}'s VPC)`,
  ],
  isDone: (context, signal) => resolvesTo(side.region, database, context, signal),
  run: (context, report, signal) => awaitName(side, database, context, report, signal),
});
