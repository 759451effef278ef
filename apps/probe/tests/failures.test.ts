import {
  DatabaseAccessDeniedError,
  DatabaseIdentityError,
  DatabaseUnreachableError,
  MalformedSecretError,
  QueryDeadlineError,
  SecretAccessDeniedError,
} from "@standby/secret-access";
import { describe, expect, it } from "vitest";
import {
  failureOf,
  NotAllowedError,
  OperationDeadlineError,
  ReadOnlyDatabaseError,
} from "../src/failures.ts";

const ofServer = (errno: number, message = "said by the server") =>
  Object.assign(new Error(message), { errno });

describe("a failure", () => {
  it.each([
    [new NotAllowedError("no"), "not-allowed"],
    [new OperationDeadlineError("late"), "timeout"],
    [new QueryDeadlineError("query-deadline", "late"), "timeout"],
    [new ReadOnlyDatabaseError("replica"), "read-only"],
    [new SecretAccessDeniedError("key-access-denied", "no key"), "secret-unreadable"],
    [new MalformedSecretError("host is missing", ["host"]), "secret-unreadable"],
    [new DatabaseUnreachableError("connecting", "gone"), "unreachable"],
    [new DatabaseIdentityError("database-identity", "a stranger"), "identity"],
    [new DatabaseAccessDeniedError("database-access-denied", "no version"), "access-denied"],
    [ofServer(1045), "access-denied"],
    [ofServer(1227), "access-denied"],
    [ofServer(1290), "read-only"],
    [ofServer(1053), "unreachable"],
    [ofServer(1064), "failed"],
    ["a text", "failed"],
  ])("of %s has the code %s", (error, code) => {
    expect(failureOf(error).code).toBe(code);
  });

  it("carries the server's number and not the operating system's", () => {
    expect(failureOf(ofServer(1290)).errno).toBe(1290);
    const refused = Object.assign(new Error("refused"), { errno: -111, code: "ECONNREFUSED" });
    expect(failureOf(refused)).toEqual({ code: "unreachable", message: "refused" });
  });
});
