import { describe, expect, it } from "vitest";
import { faultAction, mayHaveBeenApplied } from "../src/index.ts";

describe("faultAction", () => {
  it.each([
    [{ errno: 1045, code: "ER_ACCESS_DENIED_ERROR" }, "refresh-credentials"],
    [{ errno: 1227, code: "ER_SPECIFIC_ACCESS_DENIED_ERROR" }, "report"],
    [{ errno: 1044 }, "repair-user"],
    [{ errno: 3118, code: "ER_ACCOUNT_HAS_BEEN_LOCKED" }, "repair-user"],
    [{ errno: 4151 }, "repair-user"],
    [{ errno: 1820, code: "ER_MUST_CHANGE_PASSWORD" }, "repair-user"],
    [{ errno: 1862, code: "ER_MUST_CHANGE_PASSWORD_LOGIN" }, "repair-user"],
    [{ errno: 1290 }, "leave-read-only-server"],
    [{ errno: 1792 }, "leave-read-only-server"],
    [{ errno: 1836 }, "leave-read-only-server"],
    [{ errno: 1040 }, "wait"],
    [{ errno: 3032, code: "ER_SERVER_OFFLINE_MODE" }, "wait"],
    [{ errno: 3955 }, "wait"],
    [{ errno: 3159, code: "ER_SECURE_TRANSPORT_REQUIRED" }, "distrust"],
    [{ errno: 1053, code: "ER_SERVER_SHUTDOWN" }, "reconnect"],
    [{ errno: 4031 }, "reconnect"],
    [{ code: "PROTOCOL_CONNECTION_LOST" }, "reconnect"],
    [{ errno: -111, code: "ECONNREFUSED" }, "reconnect"],
    [{ code: "query-deadline" }, "reconnect"],
    [{ code: "HANDSHAKE_SSL_ERROR" }, "distrust"],
    [{ errno: 1062 }, "report"],
    ["Access denied", "report"],
    [null, "report"],
  ])("finds what %j asks for: %s", (error, action) => {
    expect(faultAction(error)).toBe(action);
  });

  it("says that a statement may have been applied only when its answer was lost", () => {
    expect(mayHaveBeenApplied({ code: "ECONNRESET" })).toBe(true);
    expect(mayHaveBeenApplied({ errno: 1290 })).toBe(false);
  });
});
