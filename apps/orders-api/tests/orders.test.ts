import type { Pool } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Database } from "../src/database.ts";
import { createService, type Request } from "../src/http.ts";
import { ordersMigrations, ordersRoutes } from "../src/orders.ts";
import { badBodies, badKeys, creation, request } from "./support/requests.ts";

/** A bad request is refused before the database is asked. */
const noDatabase = new Proxy({} as Pool, {
  get: () => {
    throw new Error("the database must not be used");
  },
});
const routes = ordersRoutes(
  new Database(noDatabase, { migrations: ordersMigrations }),
  "us-west-2",
);
const service = createService({ name: "orders-api", region: "us-west-2", routes: () => routes });
beforeEach(() => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const refused = async (asked: Request) => {
  const { status, body } = await service(asked);
  return { status, text: JSON.stringify(body) };
};
const good = '{"customer":"Ada","amountCents":1}';

describe("POST /orders", () => {
  it.each(badBodies)("refuses %s and names the field", async (_what, body, status, named) => {
    const reply = await refused(creation("key-1", body));
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(named);
  });

  it("names every field that is wrong, and no value", async () => {
    const { text } = await refused(
      creation("key-1", '{"customer":"","amountCents":"hunter2","x":1}'),
    );
    expect(text).toContain("customer: must be text");
    expect(text).toContain("amountCents: must be a whole number above 0");
    expect(text).toContain("x: must not be given");
    expect(text).not.toContain("hunter2");
  });

  it.each(badKeys)("refuses the key %j by the name of its header", async (key) => {
    const reply = await refused(creation(key, good));
    expect(reply.status).toBe(400);
    expect(reply.text).toContain("Idempotency-Key header");
  });

  it("asks for a key", async () => {
    expect(await refused(request("POST", "/orders", { body: good }))).toMatchObject({
      status: 400,
      text: expect.stringContaining("Idempotency-Key header"),
    });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "refuses the content type %j",
    async (type) => {
      const headers = { "content-type": type, "idempotency-key": "key-1" };
      expect(await refused(request("POST", "/orders", { headers, body: good }))).toMatchObject({
        status: 415,
        text: expect.stringContaining("Content-Type header"),
      });
    },
  );
});

describe("GET /orders", () => {
  it.each(["0", "1001", "x", "-1", "1.5", "1e2", ""])(
    "refuses a page of %j orders",
    async (limit) => {
      expect(await refused(request("GET", "/orders", { query: { limit } }))).toMatchObject({
        status: 400,
        text: expect.stringContaining("limit"),
      });
    },
  );

  it("refuses an id that cannot be one", async () => {
    expect(await refused(request("GET", "/orders/a%20b"))).toMatchObject({
      status: 400,
      text: expect.stringContaining("id: must be"),
    });
    expect(await refused(request("GET", "/orders", { query: { after: "a b" } }))).toMatchObject({
      status: 400,
      text: expect.stringContaining("after: must be"),
    });
  });
});
