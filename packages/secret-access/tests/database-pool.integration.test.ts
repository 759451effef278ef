import { rootCertificates } from "node:tls";
import { inspect } from "node:util";
import type { RowDataPacket } from "mysql2/promise";
import { describe, expect, it, vi } from "vitest";
import { connectionOrigin } from "../src/index.ts";
import type { DriverPool } from "../src/mysql2-internals.ts";
import { failureOf, PoolsUnderTest, server, shortDeadlines } from "./support/pools-under-test.ts";
import { cname, eastHost, westHost } from "./support/two-regions.ts";

const test = new PoolsUnderTest();

/** A busy machine is late. */
const slackMillis = 600;

const codeOf = async (promise: Promise<unknown>): Promise<unknown> =>
  ((await failureOf(promise)) as { readonly code?: unknown }).code;

describe("connecting", () => {
  it("logs in over TLS to the server that the CNAME names and tells which", async () => {
    const connection = await test.open().getConnection();
    expect(connectionOrigin(connection)).toEqual({
      host: cname,
      target: eastHost,
      secretArn: test.regions.secrets.arn,
      secretVersionId: "v1",
    });
    const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_version'");
    expect(rows[0]?.["Value"]).toMatch(/^TLSv1\.[23]$/);
    connection.release();
  });

  it("uses the prepared statements of mysql2", async () => {
    const [rows] = await test.open().execute<RowDataPacket[]>("SELECT ? AS answer", [42]);
    expect(rows[0]?.["answer"]).toBe(42);
  });

  it("refuses a server whose certificate names another database", async () => {
    test.regions.resolver.addresses.set(eastHost, [test.regions.west.address]);
    const error = await failureOf(test.open().query("SELECT 1"));
    expect(error).toMatchObject({ code: "database-identity" });
    expect(String(error)).toContain(eastHost);
  });

  it("refuses a certificate of an unknown authority", async () => {
    expect(await codeOf(test.open({ ca: rootCertificates }).query("SELECT 1"))).toBe(
      "database-identity",
    );
  });

  it("refuses a CNAME that leads to a database that is not allowed, and names it", async () => {
    const foreign = "attacker-1.zzzzzz.us-east-1.rds.amazonaws.com";
    test.regions.resolver.addresses.set(foreign, [test.regions.east.address]);
    test.regions.point(foreign);
    const error = await failureOf(test.open().query("SELECT 1"));
    expect(error).toMatchObject({ code: "database-identity" });
    expect(String(error)).toContain(foreign);
  });

  it("says that the database is unreachable when its server refuses", async () => {
    test.regions.resolver.addresses.set(eastHost, ["127.0.0.201"]);
    expect(await codeOf(test.open().query("SELECT 1"))).toBe("database-unreachable");
  });

  it("gives up within the deadline when Secrets Manager does not answer", async () => {
    test.regions.secrets.answer = () => new Promise(() => {});
    const started = performance.now();
    const error = await failureOf(test.open({ deadlines: shortDeadlines }).query("SELECT 1"));
    expect(error).toMatchObject({ code: "database-unreachable", phase: "reading the secret" });
    expect(performance.now() - started).toBeLessThan(shortDeadlines.connectMillis + slackMillis);
  });

  it("gives up within the deadline when the server accepts and never greets", async () => {
    await test.regions.east.freeze();
    const started = performance.now();
    const pool = test.open({ deadlines: shortDeadlines });
    expect(await codeOf(pool.query("SELECT 1"))).toBe("database-unreachable");
    expect(performance.now() - started).toBeLessThan(shortDeadlines.connectMillis + slackMillis);
  });
});

describe("waiting for a connection", () => {
  it("ends at the acquire deadline and the place is free again later", async () => {
    const pool = test.open({ connectionLimit: 1, deadlines: { acquireMillis: 200 } });
    const held = await pool.getConnection();
    const error = await failureOf(pool.query("SELECT 1"));
    expect(error).toMatchObject({
      code: "database-unreachable",
      phase: "waiting for a free connection",
    });
    held.release();
    expect(await server(pool)).toBe("east");
  });
});

describe("ending", () => {
  it("ends in time although the server is silent", async () => {
    const pool = test.regions.pool({ deadlines: shortDeadlines });
    expect(await server(pool)).toBe("east");
    await test.regions.east.freeze();
    const started = performance.now();
    await pool.end();
    expect(performance.now() - started).toBeLessThan(shortDeadlines.queryMillis + slackMillis);
  });
});

describe("secrets", () => {
  it("shows no password to whoever prints the pool or a connection", async () => {
    const pool = test.open();
    const connection = await pool.getConnection();
    const printed = inspect([pool, connection], { depth: 12 });
    expect(printed).toContain(eastHost);
    expect(printed.includes("first-password")).toBe(false);
    connection.release();
  });
});

describe("an idle connection", () => {
  it("that died unseen is replaced before use, without a failed request", async () => {
    const clock = { now: Date.now() };
    vi.spyOn(Date, "now").mockImplementation(() => clock.now);
    const pool = test.open();
    expect(await server(pool)).toBe("east");
    await test.regions.east.freeze();
    test.regions.point(westHost);
    test.regions.resolver.addresses.set(westHost, [test.regions.west.address]);
    clock.now += 60_000;
    expect(await server(pool)).toBe("west");
    vi.restoreAllMocks();
  });

  it("to the same silent server costs the check's deadline and not a query's", async () => {
    const clock = { now: Date.now() };
    vi.spyOn(Date, "now").mockImplementation(() => clock.now);
    const pool = test.open({ deadlines: { queryMillis: 10_000 } });
    expect(await server(pool)).toBe("east");
    await test.regions.east.freeze();
    clock.now += 60_000;
    const connections = (pool.pool as unknown as DriverPool)._allConnections;
    const idle = connections.get(0);
    const asked = server(pool);
    // The check has given it up.
    await expect.poll(() => connections.get(0), { timeout: 5_000 }).not.toBe(idle);
    test.regions.east.thaw();
    expect(await asked).toBe("east");
    vi.restoreAllMocks();
  });
});
