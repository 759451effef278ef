import type { DatabaseTarget } from "./database-host.ts";
import type { DatabaseLine } from "./database-line.ts";

/** What to do with a pooled connection before it is handed out: `located` is where the CNAME leads now, when that is known. */
export function judgeLine(
  line: Pick<DatabaseLine, "retired" | "target" | "address" | "usedAt">,
  located: DatabaseTarget | undefined,
  now: number,
  idleCheckMillis: number,
): "use" | "check" | "leave" {
  if (line.retired) return "leave";
  const moved =
    located &&
    (located.target !== line.target?.target || !located.addresses.includes(line.address ?? ""));
  if (moved) return "leave";
  // A clock that was set back must not make a connection look fresh.
  return Math.abs(now - line.usedAt) > idleCheckMillis ? "check" : "use";
}
