import type { Pool } from "mysql2/promise";
import { describe, expect, it } from "vitest";
import { route } from "../src/router.ts";
import { readEvent } from "../src/routes/http-event.ts";
import { httpEvent } from "./support/http-events.ts";

/** A bad request is refused before the database is asked. */
const noDatabase = new Proxy({} as Pool, {
  get: () => {
    throw new Error("the database must not be used");
  },
});
const ask = (...event: Parameters<typeof httpEvent>) =>
  route(readEvent(httpEvent(...event)), { pool: noDatabase, region: "us-west-2" });
const post = (body: string, key = "key-1") =>
  ask("POST", "/orders", { headers: { "idempotency-key": key }, body });

describe("route", () => {
  it.each([
    ["GET", "/"],
    ["GET", "/orders/a/b"],
    ["DELETE", "/orders/a"],
    ["PUT", "/orders"],
    ["GET", "/healthz"],
  ])("answers 404 to %s %s", async (method, path) => {
    expect(await ask(method, path)).toMatchObject({ status: 404, body: { error: "not-found" } });
  });

  it("asks for the Idempotency-Key header by name", async () => {
    const reply = await ask("POST", "/orders", { body: '{"customer":"a","amountCents":1}' });
    expect(reply).toMatchObject({ status: 400, body: { error: "bad-request" } });
    expect(JSON.stringify(reply.body)).toContain("Idempotency-Key");
  });

  it.each([
    ["no JSON", "{", "JSON"],
    ["no customer", '{"amountCents":1}', "customer"],
    ["an empty customer", '{"customer":" ","amountCents":1}', "customer"],
    ["no amount", '{"customer":"a"}', "amountCents"],
    ["an amount of 0", '{"customer":"a","amountCents":0}', "amountCents"],
    ["a broken amount", '{"customer":"a","amountCents":1.5}', "amountCents"],
    ["an unknown field", '{"customer":"a","amountCents":1,"extra":1}', "extra"],
  ])("refuses an order with %s and names the field", async (_, body, named) => {
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toContain(named);
  });

  it.each(["", "a b", "x".repeat(65), "a/b"])("refuses the key %j", async (key) => {
    expect((await post('{"customer":"a","amountCents":1}', key)).status).toBe(400);
  });

  it.each(["0", "1001", "x"])("refuses a page of %s orders", async (limit) => {
    expect((await ask("GET", "/orders", { query: { limit } })).status).toBe(400);
  });

  it("refuses a path that cannot be decoded", async () => {
    expect((await ask("GET", "/orders/%E0%A4%A")).status).toBe(400);
  });
});
