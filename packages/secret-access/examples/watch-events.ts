import { type AccessEvent, accessEvents } from "@standby/secret-access";

/** A metric for each event: `stale` and `stale-host` are what an alarm is made of. */
export function countEvents(count: (type: AccessEvent["type"]) => void): void {
  accessEvents.subscribe((event) => count((event as AccessEvent).type));
}
