import { subscribe } from "node:diagnostics_channel";
import type { AccessEvent } from "@standby/secret-access";

/** A metric for each event: `stale` and `stale-host` are what an alarm is made of. */
export function countEvents(count: (type: AccessEvent["type"]) => void): void {
  subscribe("standby:secret-access", (event) => count((event as AccessEvent).type));
}
