import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { failureOf, PoolsUnderTest, server, shortDeadlines } from "./support/pools-under-test.ts";
import { westHost } from "./support/two-regions.ts";

const test = new PoolsUnderTest();

const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  ((await failureOf(promise)) as { readonly code?: unknown }).code;

let lateMillis = 0;
beforeEach(() => {
  const now = Date.now;
  lateMillis = 0;
  vi.spyOn(Date, "now").mockImplementation(() => now() + lateMillis);
});
afterEach(() => vi.restoreAllMocks());

/** The next look at the CNAME is due, by the clock that the pool looks at. */
const checkInterval = (): void => {
  lateMillis += 1_050;
};

describe("a moved CNAME", () => {
  it("moves every pooled connection although the old server still answers", async () => {
    const pool = test.open();
    const held = await Promise.all([1, 2, 3].map(() => pool.getConnection()));
    for (const connection of held) connection.release();
    expect(await server(pool)).toBe("east");
    test.regions.point(westHost);
    checkInterval();
    expect(await Promise.all([1, 2, 3, 4].map(() => server(pool)))).toEqual(Array(4).fill("west"));
  });

  it("leaves a read-only server after one refused write by pool.query", async () => {
    const pool = test.open();
    await pool.query("INSERT INTO written VALUES (1)");
    await test.regions.east.admin("SET GLOBAL read_only=1");
    test.regions.point(westHost);
    const refused = await pool.query("INSERT INTO written VALUES (2)").catch((thrown) => thrown);
    expect(refused).toMatchObject({ errno: 1290 });
    await pool.query("INSERT INTO written VALUES (2)");
    expect(await server(pool)).toBe("west");
  });

  it("leaves a read-only server after one refused transaction on a held connection", async () => {
    const pool = test.open();
    const first = await pool.getConnection();
    await test.regions.east.admin("SET GLOBAL read_only=1");
    test.regions.point(westHost);
    await first.beginTransaction();
    expect(await codeOf(first.query("INSERT INTO written VALUES (3)"))).toBe(
      "ER_OPTION_PREVENTS_STATEMENT",
    );
    await first.rollback();
    first.release();
    const second = await pool.getConnection();
    expect(await server(second)).toBe("west");
    second.release();
  });

  it("goes on at the new server when the old one has killed its connections", async () => {
    const pool = test.open();
    expect(await server(pool)).toBe("east");
    await test.regions.east.killConnections();
    test.regions.point(westHost);
    checkInterval();
    expect(await server(pool)).toBe("west");
  });

  it("goes on at the new server when the old one is lost", async () => {
    const pool = test.open();
    const held = await Promise.all([1, 2, 3].map(() => pool.getConnection()));
    for (const connection of held) connection.release();
    await test.regions.east.kill();
    test.regions.point(westHost);
    expect(await Promise.all([1, 2, 3, 4].map(() => server(pool)))).toEqual(Array(4).fill("west"));
  });

  it("costs one query deadline on a silent server and does not wedge a pool of one connection", async () => {
    const pool = test.open({ connectionLimit: 1, deadlines: shortDeadlines });
    expect(await server(pool)).toBe("east");
    await test.regions.east.freeze();
    const started = performance.now();
    expect(await codeOf(server(pool))).toBe("query-deadline");
    expect(performance.now() - started).toBeLessThan(shortDeadlines.queryMillis + 600);
    test.regions.point(westHost);
    checkInterval();
    expect(await server(pool)).toBe("west");
  });

  it("keeps the connections that work while DNS does not answer", async () => {
    const pool = test.open();
    expect(await server(pool)).toBe("east");
    test.regions.resolver.failure = () => Promise.reject(new Error("SERVFAIL"));
    checkInterval();
    expect(await server(pool)).toBe("east");
  });
});
