import type { DatabaseAnswer } from "@standby/topology";
import { type Surroundings, withDatabase } from "../database.ts";
import { newestHeartbeat } from "../probe-tables.ts";
import { disabledEvents } from "./enable-events.ts";

/** Everything about one database that RDS's API cannot say. */
export const probeDatabase = (address: string, around: Surroundings): Promise<DatabaseAnswer> =>
  withDatabase(address, around, async ({ dialect, query, version, acceptedVersionId }) => {
    const state = await dialect.state(query);
    const replication = await dialect.replication(query);
    const heartbeat = await newestHeartbeat(query);
    return {
      product: dialect.product,
      version,
      ...state,
      ...(replication ? { replication } : {}),
      ...(heartbeat ? { heartbeat } : {}),
      acceptedVersionId,
      disabledEvents: (await disabledEvents(query)).map(({ schema, name }) => ({ schema, name })),
      binaryLogRetentionHours: await dialect.binaryLogRetentionHours(query),
    };
  });
