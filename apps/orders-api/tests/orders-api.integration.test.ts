import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  cname,
  eastHost,
  TwoRegions,
  westHost,
} from "../../../packages/secret-access/tests/support/two-regions.ts";
import { Database, type Migration, ReadOnlyDatabaseError } from "../src/database.ts";
import { createService, type Reply, type Request } from "../src/http.ts";
import { ordersMigrations, ordersRoutes } from "../src/orders.ts";
import { badBodies, badKeys, creation, request } from "./support/requests.ts";

let regions: TwoRegions;
let pool: Pool;
let ask: (request: Request) => Promise<Reply>;
let lines: string[];

const serviceOn = (servicePool: Pool, region: string) => {
  const database = new Database(servicePool, { migrations: ordersMigrations });
  const routes = ordersRoutes(database, region);
  return createService({ name: "orders-api", region, routes: () => routes });
};

beforeAll(async () => {
  regions = await TwoRegions.start();
});
afterAll(() => regions.stop());
beforeEach(async () => {
  await regions.reset();
  pool = regions.pool({
    deadlines: { connectMillis: 1_500, acquireMillis: 2_500, queryMillis: 700 },
  });
  ask = serviceOn(pool, "us-west-2");
  lines = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  regions.east.thaw();
  await pool.end();
  expect(lines.join()).not.toContain("first-password");
});

const post = (key: string, amountCents = 100) =>
  ask(creation(key, JSON.stringify({ customer: "Ada", amountCents })));
const get = (path: string, query = {}) => ask(request("GET", path, { query }));
const readOnly = (server: "east" | "west") => regions[server].admin("SET GLOBAL read_only=1");
const tables = (server: "east" | "west" = "east") =>
  regions[server].admin(
    "SHOW TABLES FROM orders WHERE Tables_in_orders NOT IN ('server', 'written')",
  );
const count = async () =>
  Number((await regions.east.admin("SELECT COUNT(*) AS orders FROM orders.orders"))[0]?.["orders"]);

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
    expect(await post("order-1")).toMatchObject({ status: 200, body: first.body });
    expect(await post("order-1", 200)).toMatchObject({ status: 409 });
    expect(await get("/orders/order-1")).toMatchObject({ status: 200, body: first.body });
  });

  it("are written once when the same key comes twenty times at once through both Regions", async () => {
    const eastPool = regions.pool();
    const askEast = serviceOn(eastPool, "us-east-1");
    const order = creation("order-1", '{"customer":"Ada","amountCents":100}');
    try {
      const asks = Array.from({ length: 10 }, () => [askEast(order), ask(order)]).flat();
      const replies = await Promise.all(asks);
      expect(replies.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 201]);
      expect(await count()).toBe(1);
    } finally {
      await eastPool.end();
    }
  });

  it("are listed in pages by id", async () => {
    for (const key of ["c", "a", "B", "d"]) await post(key);
    const first = await get("/orders", { limit: "3" });
    expect(first.body).toMatchObject({
      orders: [{ id: "B" }, { id: "a" }, { id: "c" }],
      next: "c",
    });
    const second = await get("/orders", { limit: "3", after: "c" });
    expect(second.body).toMatchObject({ orders: [{ id: "d" }] });
    expect(second.body).not.toHaveProperty("next");
  });

  it("are none before the first write", async () => {
    expect(await get("/orders")).toMatchObject({ status: 200, body: { orders: [] } });
    expect(await get("/orders/x")).toMatchObject({ status: 404 });
  });

  it("are not written by any bad request", async () => {
    await post("order-1");
    for (const [what, body, status] of badBodies)
      expect((await ask(creation("order-2", body))).status, what).toBe(status);
    for (const key of badKeys) expect((await post(key)).status, key).toBe(400);
    expect(await count()).toBe(1);
  });
});

describe("a write whose answer was lost", () => {
  it("is applied once when it is sent again", async () => {
    await post("order-1");
    // The gap before `order-9` is locked: the server takes the statement and has not done it when the deadline is over.
    const blocker = await pool.getConnection();
    await blocker.beginTransaction();
    await blocker.query("SELECT * FROM orders WHERE id > 'order-1' FOR UPDATE");
    expect(await post("order-9")).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { error: "outcome-unknown" },
    });
    await blocker.rollback();
    blocker.release();
    await vi.waitFor(async () => expect(await count()).toBe(2), { timeout: 20_000 });
    expect(await post("order-9")).toMatchObject({ status: 200, body: { id: "order-9" } });
    expect(await count()).toBe(2);
  });
});

describe("a database that does not take writes", () => {
  it("is answered by 503 and nothing is written, not even a table", async () => {
    await readOnly("east");
    expect(await post("order-1")).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { error: "database-read-only" },
    });
    expect(await get("/orders")).toMatchObject({ status: 200, body: { orders: [] } });
    expect(await tables()).toEqual([]);
  });

  it("serves reads, and its writes are refused until it takes them again", async () => {
    await post("order-1");
    await readOnly("east");
    expect(await post("order-2")).toMatchObject({
      status: 503,
      body: { error: "database-read-only" },
    });
    expect(await get("/orders/order-1")).toMatchObject({ status: 200 });
    expect(await get("/orders")).toMatchObject({ body: { orders: [{ id: "order-1" }] } });
    await regions.east.admin("SET GLOBAL read_only=0");
    expect(await post("order-2")).toMatchObject({ status: 201 });
  });

  it("is left without a failed request when the CNAME has moved", async () => {
    await post("order-1");
    await readOnly("east");
    regions.point(westHost);
    expect(await post("order-2")).toMatchObject({ status: 201, body: { databaseHost: westHost } });
  });

  it("is told by health as the reader", async () => {
    await readOnly("east");
    expect(await get("/health")).toMatchObject({
      status: 200,
      body: {
        region: "us-west-2",
        secret: { arn: regions.secrets.arn, versionId: "v1" },
        database: { host: cname, target: eastHost, role: "reader" },
      },
    });
  });
});

describe("no database", () => {
  it("leaves a write's outcome unknown, then is unreachable, and the moved CNAME ends it", async () => {
    await post("order-1");
    await regions.east.freeze();
    expect(await post("order-2")).toMatchObject({
      status: 503,
      body: { error: "outcome-unknown" },
    });
    for (const reply of [await post("order-2"), await get("/orders"), await get("/health")])
      expect(reply).toMatchObject({
        status: 503,
        headers: { "retry-after": "1" },
        body: { error: "database-unreachable" },
      });
    regions.point(westHost);
    await sleep(1_050);
    expect(await post("order-2")).toMatchObject({ status: 201, body: { databaseHost: westHost } });
    expect(await get("/health")).toMatchObject({
      body: { database: { target: westHost, role: "writer" } },
    });
  });

  it("with a free place is answered 503 until one is free", async () => {
    await regions.east.admin("SET GLOBAL max_connections=10");
    const others = regions.pool({ connectionLimit: 20 });
    const held: PoolConnection[] = [];
    try {
      await expect(
        (async () => {
          for (;;) held.push(await others.getConnection());
        })(),
      ).rejects.toThrow();
      expect(await post("order-1")).toMatchObject({
        status: 503,
        headers: { "retry-after": "1" },
        body: { error: "database-busy" },
      });
      for (const connection of held.splice(0)) connection.destroy();
      await vi.waitFor(async () => expect(await post("order-1")).toMatchObject({ status: 201 }), {
        timeout: 10_000,
      });
    } finally {
      await regions.east.admin("SET GLOBAL max_connections=151");
      await others.end();
    }
  });
});

describe("migrations", () => {
  // Neither may run twice: the first would fail, the second would leave two rows.
  const steps: readonly Migration[] = [
    { version: 1, statement: "CREATE TABLE steps (name VARCHAR(16))" },
    { version: 2, statement: "INSERT INTO steps VALUES ('second')" },
    { version: 3, statement: "INSERT INTO steps VALUES ('third')" },
  ];
  const names = async (connection: PoolConnection) => {
    const [rows] = await connection.query("SELECT name FROM steps ORDER BY name");
    return rows;
  };
  const both = [{ name: "second" }, { name: "third" }];
  const on = (migrations: readonly Migration[]) => {
    const own = regions.pool();
    return { own, database: new Database(own, { migrations }) };
  };

  it("run once when both Regions' functions start at the same time", async () => {
    const starts = Array.from({ length: 6 }, () => on(steps));
    const seen = await Promise.all(starts.map(({ database }) => database.write(names)));
    expect(seen).toEqual(Array(6).fill(both));
    await Promise.all(starts.map(({ own }) => own.end()));
  });

  it("go on where an older version of the code, or a process that was ended, stopped", async () => {
    const [first, second, third] = steps as [Migration, Migration, Migration];
    const older = on([first, second]);
    await older.database.read(names);
    const newer = on([first, second, third]);
    expect(await newer.database.read(names)).toEqual(both);
    expect(await older.database.read(names)).toEqual(both);
    await Promise.all([older.own.end(), newer.own.end()]);
  });

  it("are left to replication on a read-only server", async () => {
    await readOnly("east");
    const { own, database } = on(steps);
    await expect(database.write(names)).rejects.toThrow(ReadOnlyDatabaseError);
    expect(await database.read(names)).toBeUndefined();
    expect(await tables()).toEqual([]);
    await own.end();
  });

  it("are looked for again in the database that a failover leads to", async () => {
    const { own, database } = on(steps);
    const add = (connection: PoolConnection) =>
      connection.query("INSERT INTO steps VALUES ('written')");
    await database.write(add);
    await readOnly("east");
    regions.point(westHost);
    await database.write(add);
    expect(await tables("west")).toHaveLength(2);
    expect(await database.read(names)).toEqual([...both, { name: "written" }]);
    await own.end();
  });
});
