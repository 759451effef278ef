import { describe, expect, it } from "vitest";
import { readEvent, writeReply } from "../src/handler.ts";
import { httpEvent } from "./support/http-events.ts";

describe("readEvent", () => {
  it("reads method, path, query, body, request id, and headers whatever their case", () => {
    const event = httpEvent("POST", "/orders/a%20b", {
      headers: { "Idempotency-Key": "k" },
      query: { limit: "2" },
      body: "{}",
    });
    expect(readEvent(event)).toEqual({
      id: "request-1",
      method: "POST",
      path: "/orders/a%20b",
      query: { limit: "2" },
      headers: { "idempotency-key": "k" },
      body: Buffer.from("{}"),
    });
  });

  it("decodes a base64 body", () => {
    const body = Buffer.from('{"customer":"ü"}').toString("base64");
    expect(readEvent(httpEvent("POST", "/orders", { body, base64: true })).body.toString()).toBe(
      '{"customer":"ü"}',
    );
  });
});

describe("writeReply", () => {
  it("answers JSON with its own headers", () => {
    const reply = { status: 503, body: { error: "x" }, headers: { "retry-after": "1" } };
    expect(writeReply(reply)).toEqual({
      statusCode: 503,
      headers: { "content-type": "application/json", "retry-after": "1" },
      body: '{"error":"x"}',
    });
  });
});
