import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  cname,
  eastHost,
  TwoRegions,
  westHost,
} from "../../../packages/secret-access/tests/support/two-regions.ts";
import { failureReply } from "../src/failures.ts";
import { route } from "../src/router.ts";
import { type HttpReply, readEvent } from "../src/routes/http-event.ts";
import { httpEvent } from "./support/http-events.ts";

let regions: TwoRegions;
let pool: Pool;

beforeAll(async () => {
  regions = await TwoRegions.start();
});
afterAll(() => regions.stop());
beforeEach(async () => {
  await regions.reset();
  pool = regions.pool({
    deadlines: { connectMillis: 1_500, acquireMillis: 2_500, queryMillis: 700 },
  });
});
afterEach(async () => {
  regions.east.thaw();
  await pool.end();
});

const ask = (...event: Parameters<typeof httpEvent>): Promise<HttpReply> =>
  route(readEvent(httpEvent(...event)), { pool, region: "us-west-2" }).catch(failureReply);
const post = (key: string, amountCents = 100) =>
  ask("POST", "/orders", {
    headers: { "idempotency-key": key },
    body: JSON.stringify({ customer: "Ada", amountCents }),
  });
const readOnly = (server: "east" | "west") => regions[server].admin("SET GLOBAL read_only=1");

describe("orders", () => {
  it("are written once for one key", async () => {
    const first = await post("order-1");
    expect(first).toMatchObject({
      status: 201,
      body: {
        id: "order-1",
        customer: "Ada",
        amountCents: 100,
        region: "us-west-2",
        databaseHost: eastHost,
      },
    });
    expect(await post("order-1")).toEqual({ status: 200, body: first.body });
    expect(await post("order-1", 200)).toMatchObject({ status: 409 });
    expect(await ask("GET", "/orders/order-1")).toEqual({ status: 200, body: first.body });
  });

  it("are written once when the same key comes ten times at once", async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => post("order-1")));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
  });

  it("are listed in pages by id", async () => {
    for (const key of ["c", "a", "B", "d"]) await post(key);
    const first = await ask("GET", "/orders", { query: { limit: "3" } });
    expect(first.body).toMatchObject({
      orders: [{ id: "B" }, { id: "a" }, { id: "c" }],
      next: "c",
    });
    const second = await ask("GET", "/orders", { query: { limit: "3", after: "c" } });
    expect(second.body).toMatchObject({ orders: [{ id: "d" }] });
    expect(second.body).not.toHaveProperty("next");
  });

  it("are none before the first write", async () => {
    expect(await ask("GET", "/orders")).toEqual({ status: 200, body: { orders: [] } });
    expect(await ask("GET", "/orders/x")).toMatchObject({ status: 404 });
  });
});

describe("a database that does not take writes", () => {
  it("is answered by 503 and nothing is written, not even the table", async () => {
    await readOnly("east");
    expect(await post("order-1")).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { error: "database-read-only" },
    });
    expect(await regions.east.admin("SHOW TABLES FROM orders LIKE 'orders'")).toEqual([]);
  });

  it("is left without a failed request when the CNAME has moved", async () => {
    await post("order-1");
    await readOnly("east");
    regions.point(westHost);
    expect(await post("order-2")).toMatchObject({ status: 201, body: { databaseHost: westHost } });
  });

  it("is told by health as the reader", async () => {
    await readOnly("east");
    expect(await ask("GET", "/health")).toEqual({
      status: 200,
      body: {
        region: "us-west-2",
        secret: { arn: regions.secrets.arn, versionId: "v1" },
        database: { host: cname, target: eastHost, role: "reader" },
      },
    });
  });
});

describe("a silent database", () => {
  it("leaves a write's outcome unknown, then is unreachable, and the moved CNAME ends it", async () => {
    await post("order-1");
    await regions.east.freeze();
    expect(await post("order-2")).toMatchObject({
      status: 503,
      body: { error: "outcome-unknown" },
    });
    expect(await post("order-2")).toMatchObject({
      status: 503,
      body: { error: "database-unreachable" },
    });
    regions.point(westHost);
    await sleep(1_050);
    expect(await post("order-2")).toMatchObject({ status: 201, body: { databaseHost: westHost } });
    expect(await ask("GET", "/health")).toMatchObject({
      body: { database: { target: westHost, role: "writer" } },
    });
  });
});
