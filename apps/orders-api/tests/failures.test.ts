import {
  ConfigurationError,
  DatabaseUnreachableError,
  OutcomeUnknownError,
} from "@standby/secret-access";
import { describe, expect, it } from "vitest";
import { failureReply, ReadOnlyDatabaseError } from "../src/failures.ts";
import { describeError } from "../src/log.ts";

describe("failureReply", () => {
  it.each([
    [new OutcomeUnknownError("outcome-unknown", "the answer was lost"), "outcome-unknown"],
    [new ReadOnlyDatabaseError(), "database-read-only"],
    [Object.assign(new Error("read-only"), { errno: 1290 }), "database-read-only"],
    [
      Object.assign(new Error("lost"), { code: "PROTOCOL_CONNECTION_LOST" }),
      "database-unreachable",
    ],
    [new DatabaseUnreachableError("connecting", "refused"), "database-unreachable"],
    [Object.assign(new Error("full"), { errno: 1040 }), "database-busy"],
  ])("answers 503 with Retry-After for %s", (error, code) => {
    expect(failureReply(error)).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { error: code },
    });
  });

  it("answers 500 for what trying again does not mend, and shows nothing of it", () => {
    expect(failureReply(new Error("hunter2"))).toEqual({
      status: 500,
      body: { error: "internal", message: "the request failed: see the log" },
    });
    expect(failureReply(new ConfigurationError("configuration", "set REGION_NAME")).status).toBe(
      500,
    );
  });
});

describe("describeError", () => {
  it("leaves the statement and its parameters out", () => {
    const error = Object.assign(new Error("syntax"), { errno: 1064, sql: "INSERT 'hunter2'" });
    expect(JSON.stringify(describeError(error))).not.toContain("hunter2");
    expect(describeError(error)).toMatchObject({ errno: 1064, message: "syntax" });
  });
});
