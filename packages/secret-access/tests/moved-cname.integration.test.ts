import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { failureOf, PoolsUnderTest, server, shortDeadlines } from "./support/pools-under-test.ts";
import { westHost } from "./support/two-regions.ts";

const test = new PoolsUnderTest();

const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  ((await failureOf(promise)) as { readonly code?: unknown }).code;

/** Until the next look at the CNAME is due. */
const checkInterval = () => sleep(1_050);

describe("a moved CNAME", () => {
  it("moves every pooled connection although the old server still answers", async () => {
    const pool = test.open();
    const held = await Promise.all([1, 2, 3].map(() => pool.getConnection()));
    for (const connection of held) connection.release();
    expect(await server(pool)).toBe("east");
    test.regions.point(westHost);
    await checkInterval();
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
    await checkInterval();
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
    await checkInterval();
    expect(await server(pool)).toBe("west");
  });

  it("keeps the connections that work while DNS does not answer", async () => {
    const pool = test.open();
    expect(await server(pool)).toBe("east");
    test.regions.resolver.failure = () => Promise.reject(new Error("SERVFAIL"));
    await checkInterval();
    expect(await server(pool)).toBe("east");
  });
});
