import { AccessError, ConfigurationError, faultAction } from "@standby/secret-access";
import type { HttpReply } from "./routes/http-event.ts";

/** The database does not take writes now: nothing was written. */
export class ReadOnlyDatabaseError extends Error {
  override readonly name = "ReadOnlyDatabaseError";
  constructor() {
    super("the database does not take writes");
  }
}

/** The code that callers branch on: stable, and the same in the log. */
export function failureCode(error: unknown): string {
  if (error instanceof ReadOnlyDatabaseError) return "database-read-only";
  const action = faultAction(error);
  if (action === "leave-read-only-server") return "database-read-only";
  // A read that was lost on the way: the server did not answer.
  if (action === "reconnect") return "database-unreachable";
  if (action === "wait") return "database-busy";
  if (error instanceof AccessError) return error.code;
  return "internal";
}

const messages: Readonly<Record<string, string>> = {
  "outcome-unknown":
    "the write may or may not have been applied: send it again with the same Idempotency-Key",
  "database-read-only": "the database does not take writes now: nothing was written, try again",
  "database-unreachable": "the database cannot be reached now: nothing was written, try again",
  "database-busy": "the database has no free connection now: nothing was written, try again",
};

/** Callers get the code and what to do, the log gets the error. */
export function failureReply(error: unknown): HttpReply {
  const code = failureCode(error);
  if (code === "internal" || error instanceof ConfigurationError)
    return { status: 500, body: { error: code, message: "the request failed: see the log" } };
  return {
    status: 503,
    headers: { "retry-after": "1" },
    body: { error: code, message: messages[code] ?? "the database cannot be used now: try again" },
  };
}
