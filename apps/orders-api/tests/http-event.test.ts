import { describe, expect, it } from "vitest";
import { readEvent, writeReply } from "../src/routes/http-event.ts";
import { httpEvent } from "./support/http-events.ts";

describe("readEvent", () => {
  it("reads method, decoded path, query and headers whatever their case", () => {
    const request = readEvent(
      httpEvent("post", "/orders/a%20b", {
        headers: { "Idempotency-Key": "k" },
        query: { limit: "2" },
        body: "{}",
      }),
    );
    expect(request).toEqual({
      method: "POST",
      segments: ["orders", "a b"],
      query: { limit: "2" },
      headers: { "idempotency-key": "k" },
      body: "{}",
    });
  });

  it("decodes a base64 body", () => {
    const body = Buffer.from('{"customer":"ü"}').toString("base64");
    expect(readEvent(httpEvent("POST", "/orders", { body, base64: true })).body).toBe(
      '{"customer":"ü"}',
    );
  });

  it("says that a path cannot be decoded instead of failing", () => {
    expect(readEvent(httpEvent("GET", "/orders/%E0%A4%A")).segments).toBeUndefined();
  });
});

describe("writeReply", () => {
  it("answers JSON with its own headers", () => {
    expect(
      writeReply({ status: 503, body: { error: "x" }, headers: { "retry-after": "1" } }),
    ).toEqual({
      statusCode: 503,
      headers: { "content-type": "application/json", "retry-after": "1" },
      body: '{"error":"x"}',
    });
  });
});
