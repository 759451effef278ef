import type { DatabaseEvent, EventsAnswer, ProbeRequest } from "@standby/topology";
import { type Database, type Surroundings, withDatabase } from "../database.ts";
import { NotAllowedError } from "../failures.ts";
import { disabledByReplication, enableEvent } from "../sql-dialect.ts";

type Request = Extract<ProbeRequest, { readonly ask: "enable-events" }>;

interface DisabledEvent extends DatabaseEvent {
  readonly definer: string;
}

/** The events that this database received by replication and does not run: after a promotion nobody runs them. */
export async function disabledEvents(query: Database["query"]): Promise<readonly DisabledEvent[]> {
  const rows = await query(
    "SELECT EVENT_SCHEMA AS `schema`, EVENT_NAME AS name, DEFINER AS definer FROM information_schema.EVENTS WHERE STATUS IN (?) ORDER BY EVENT_SCHEMA, EVENT_NAME",
    [disabledByReplication],
  );
  return rows.map((row) => ({
    schema: String(row["schema"]),
    name: String(row["name"]),
    definer: String(row["definer"]),
  }));
}

/** One that is enabled already is done: a second run changes nothing. */
export const enableEvents = (
  { address, events }: Request,
  around: Surroundings,
): Promise<EventsAnswer> =>
  withDatabase(address, around, async ({ dialect, query }) => {
    if (await dialect.replication(query))
      throw new NotAllowedError("the database is a replica: its source runs the events");
    const disabled = await disabledEvents(query);
    const enabled: DatabaseEvent[] = [];
    for (const { schema, name } of events) {
      const found = disabled.find((each) => each.schema === schema && each.name === name);
      if (!found) continue;
      const { sql, values } = enableEvent(found, found.definer);
      await query(sql, values);
      enabled.push({ schema, name });
    }
    return { enabled };
  });
