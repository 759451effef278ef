import { AccessError, type FaultAction, faultAction } from "@standby/secret-access";
import type { ProbeFailure, ProbeFailureCode } from "@standby/topology";

/** The request is refused before anything is touched. */
export class NotAllowedError extends Error {
  override readonly name = "NotAllowedError";
}

/** The operation did not end in its time; what it began may have been done. */
export class OperationDeadlineError extends Error {
  override readonly name = "OperationDeadlineError";
}

/** The database does not take writes: nothing was written. */
export class ReadOnlyDatabaseError extends Error {
  override readonly name = "ReadOnlyDatabaseError";
}

const codeOfAccess: Readonly<Record<string, ProbeFailureCode>> = {
  "database-unreachable": "unreachable",
  "database-identity": "identity",
  "database-access-denied": "access-denied",
  "query-deadline": "timeout",
  "outcome-unknown": "timeout",
};

const codeOfAction: Readonly<Partial<Record<FaultAction, ProbeFailureCode>>> = {
  "refresh-credentials": "access-denied",
  "leave-read-only-server": "read-only",
  reconnect: "unreachable",
  wait: "unreachable",
  distrust: "identity",
};

/** A right that the user lacks: for a schema, a table, a routine, or of the server. */
const missingRight: ReadonlySet<unknown> = new Set([1044, 1142, 1227, 1370]);

/** What is answered for an error, whatever was thrown. No message of ours or of the server holds a secret. */
export function failureOf(error: unknown): ProbeFailure {
  const message = error instanceof Error ? error.message : "the probe failed";
  const errno = errnoOf(error);
  return { code: codeOf(error), message, ...(errno === undefined ? {} : { errno }) };
}

function codeOf(error: unknown): ProbeFailureCode {
  if (error instanceof NotAllowedError) return "not-allowed";
  if (error instanceof OperationDeadlineError) return "timeout";
  if (error instanceof ReadOnlyDatabaseError) return "read-only";
  // What is left of the access errors is about the secret or its place.
  if (error instanceof AccessError) return codeOfAccess[error.code] ?? "secret-unreadable";
  if (missingRight.has(errnoOf(error))) return "access-denied";
  return codeOfAction[faultAction(error)] ?? "failed";
}

/** MySQL's own number; operating system errors have negative ones. */
export function errnoOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errno" in error)) return undefined;
  const number = Number(error.errno);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
