import type { DatabaseEvent } from "@standby/topology";
import type { LiveDatabase } from "../actions.ts";
import { RecoveryError } from "../errors.ts";
import { insideOf } from "../inside.ts";
import type { MoveContext } from "../move.ts";
import type { Step } from "../step.ts";

/** Filled in by the step, for the report. */
export interface EventNotes {
  disabled: readonly DatabaseEvent[];
  enabled: readonly DatabaseEvent[];
}

/**
 * MySQL disables scheduled events on a replica, and they stay so after its promotion: jobs stop in silence. They are named, and turned
 * on when that was asked for; nobody but the application's people knows which of them should run.
 */
export const enableEventsStep = (
  writer: LiveDatabase,
  enable: boolean,
  notes: EventNotes,
): Step<MoveContext> => ({
  id: "enable-events",
  title: `Look for events that replication disabled on ${writer.identifier} in ${writer.region}`,
  byHand: () => [
    "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS WHERE STATUS LIKE '%DISABLED%';",
    "ALTER EVENT `<schema>`.`<name>` ENABLE;",
  ],
  isDone: async () => false,
  async run(context, report, signal) {
    const { disabledEvents: events } = await insideOf(writer, context, signal);
    notes.disabled = events;
    if (events.length === 0) return;
    const names = events.map(({ schema, name }) => `${schema}.${name}`).join(", ");
    if (!enable) {
      report(`Replication disabled these events, and nobody runs them: ${names}.`);
      report("standby rebuild --enable-events turns them on.");
      return;
    }
    const reply = await context.actions.ask(
      writer.region,
      { ask: "enable-events", address: writer.address ?? "", events },
      signal,
    );
    if (!reply.ok)
      throw new RecoveryError(`The events were not enabled: ${reply.failure.message}`, [
        "standby rebuild --enable-events",
      ]);
    notes.enabled = reply.answer.enabled;
    report(`Enabled: ${names}.`);
  },
});
