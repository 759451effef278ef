import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import type { Pool, PoolConnection, RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { connectionOrigin, type DatabasePoolOptions, withTransaction } from "../src/index.ts";
import { TestAuthority } from "./support/certificates.ts";
import { cname, eastHost, secretValue, TwoRegions, westHost } from "./support/two-regions.ts";

const deadlines = { connectMillis: 1_500, acquireMillis: 2_500, queryMillis: 700 };
let regions: TwoRegions;
const pools: Pool[] = [];

beforeAll(async () => {
  regions = await TwoRegions.start();
});
afterAll(() => regions.stop());
beforeEach(() => regions.reset());
afterEach(async () => {
  regions.east.thaw();
  for (const pool of pools.splice(0)) await pool.end();
});

function open(options: DatabasePoolOptions = {}): Pool {
  const pool = regions.pool({ deadlines, ...options });
  pools.push(pool);
  return pool;
}

async function server(pool: Pool | PoolConnection): Promise<string> {
  const [rows] = await pool.query<RowDataPacket[]>("SELECT name FROM server");
  return String(rows[0]?.["name"]);
}

const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: { readonly code?: unknown; readonly errno?: unknown }) => error.code,
  );

/** Until the next look at the CNAME is due. */
const checkInterval = () => sleep(1_050);

describe("connecting", () => {
  it("logs in over TLS to the server that the CNAME names and tells which", async () => {
    const connection = await open().getConnection();
    expect(connectionOrigin(connection)).toEqual({
      host: cname,
      target: eastHost,
      secretArn: regions.secrets.arn,
      secretVersionId: "v1",
    });
    const [rows] = await connection.query<RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_version'");
    expect(rows[0]?.["Value"]).toMatch(/^TLSv1\.[23]$/);
    connection.release();
  });

  it("uses the prepared statements of mysql2", async () => {
    const [rows] = await open().execute<RowDataPacket[]>("SELECT ? AS answer", [42]);
    expect(rows[0]?.["answer"]).toBe(42);
  });

  it("refuses a server whose certificate names another database", async () => {
    regions.resolver.addresses.set(eastHost, [regions.west.address]);
    const error = await open()
      .query("SELECT 1")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "database-identity" });
    expect(String(error)).toContain(eastHost);
  });

  it("refuses a certificate of an unknown authority", async () => {
    const other = await TestAuthority.create();
    expect(await code(open({ ca: [other.certificate] }).query("SELECT 1"))).toBe(
      "database-identity",
    );
  });

  it("refuses a CNAME that leads to a database that is not allowed, and names it", async () => {
    const foreign = "attacker-1.zzzzzz.us-east-1.rds.amazonaws.com";
    regions.resolver.addresses.set(foreign, [regions.east.address]);
    regions.point(foreign);
    const error = await open()
      .query("SELECT 1")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "database-identity" });
    expect(String(error)).toContain(foreign);
  });

  it("says that the database is unreachable when its server refuses", async () => {
    regions.resolver.addresses.set(eastHost, ["127.0.0.201"]);
    expect(await code(open().query("SELECT 1"))).toBe("database-unreachable");
  });

  it("gives up within the deadline when Secrets Manager does not answer", async () => {
    regions.secrets.answer = () => new Promise(() => {});
    const started = performance.now();
    const error = await open()
      .query("SELECT 1")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "database-unreachable", phase: "reading the secret" });
    expect(performance.now() - started).toBeLessThan(deadlines.connectMillis + 300);
  });

  it("gives up within the deadline when the server accepts and never greets", async () => {
    await regions.east.freeze();
    const started = performance.now();
    expect(await code(open().query("SELECT 1"))).toBe("database-unreachable");
    expect(performance.now() - started).toBeLessThan(deadlines.connectMillis + 300);
  });
});

describe("rotation", () => {
  it("logs in with AWSPENDING when the password is changed and the label not yet moved", async () => {
    await regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    regions.secrets.put("v2", ["AWSPENDING"], secretValue("second-password"));
    const connection = await open().getConnection();
    expect(connectionOrigin(connection).secretVersionId).toBe("v2");
    connection.release();
  });

  it("logs in with AWSPREVIOUS when the server's user table is behind the secret", async () => {
    regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
    const connection = await open().getConnection();
    expect(connectionOrigin(connection).secretVersionId).toBe("v1");
    connection.release();
  });

  it("takes a rotated password and a rotated user for the next connection", async () => {
    const pool = open();
    const first = await pool.getConnection();
    await regions.east.admin(
      "CREATE OR REPLACE USER clone@'%' IDENTIFIED BY 'second-password' REQUIRE SSL",
      "GRANT ALL ON orders.* TO clone@'%'",
      "ALTER USER app@'%' IDENTIFIED BY 'retired-password'",
    );
    regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password", "clone"));
    const second = await pool.getConnection();
    const [rows] = await second.query<RowDataPacket[]>("SELECT CURRENT_USER() AS user");
    expect(rows[0]?.["user"]).toBe("clone@%");
    first.release();
    second.release();
  });

  it("asks Secrets Manager once when a hundred logins are refused at once", async () => {
    const pool = open({ connectionLimit: 100 });
    await pool.query("SELECT 1");
    const before = regions.secrets.calls.length;
    await regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
    const held = await Promise.all(Array.from({ length: 100 }, () => pool.getConnection()));
    expect(regions.secrets.calls.slice(before)).toEqual(["AWSCURRENT"]);
    for (const connection of held) connection.release();
  });

  it("costs two calls and no failed request while the label lags behind the password", async () => {
    const pool = open({ connectionLimit: 20 });
    const held = [await pool.getConnection()];
    const before = regions.secrets.calls.length;
    await regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    regions.secrets.put("v2", ["AWSPENDING"], secretValue("second-password"));
    while (held.length < 20) held.push(await pool.getConnection());
    expect(regions.secrets.calls.slice(before)).toEqual(["AWSCURRENT", "AWSPENDING"]);
    for (const connection of held) connection.release();
  });

  it("ends with a typed error when the server refuses every version, and shows no secret", async () => {
    await regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'unknown-password'");
    const error = await open()
      .query("SELECT 1")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "database-access-denied" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("first-password");
  });
});

describe("a moved CNAME", () => {
  it("moves every pooled connection although the old server still answers", async () => {
    const pool = open();
    const held = await Promise.all([1, 2, 3].map(() => pool.getConnection()));
    for (const connection of held) connection.release();
    expect(await server(pool)).toBe("east");
    regions.point(westHost);
    await checkInterval();
    expect(await Promise.all([1, 2, 3, 4].map(() => server(pool)))).toEqual(Array(4).fill("west"));
  });

  it("leaves a read-only server after one refused write by pool.query", async () => {
    const pool = open();
    await pool.query("INSERT INTO written VALUES (1)");
    await regions.east.admin("SET GLOBAL read_only=1");
    regions.point(westHost);
    const refused = await pool.query("INSERT INTO written VALUES (2)").catch((thrown) => thrown);
    expect(refused).toMatchObject({ errno: 1290 });
    await pool.query("INSERT INTO written VALUES (2)");
    expect(await server(pool)).toBe("west");
  });

  it("leaves a read-only server after one refused transaction on a held connection", async () => {
    const pool = open();
    const first = await pool.getConnection();
    await regions.east.admin("SET GLOBAL read_only=1");
    regions.point(westHost);
    await first.beginTransaction();
    expect(await code(first.query("INSERT INTO written VALUES (3)"))).toBe(
      "ER_OPTION_PREVENTS_STATEMENT",
    );
    await first.rollback();
    first.release();
    const second = await pool.getConnection();
    expect(await server(second)).toBe("west");
    second.release();
  });

  it("goes on at the new server when the old one is killed", async () => {
    const pool = open();
    expect(await server(pool)).toBe("east");
    const [victims] = await Promise.all([
      regions.east.admin("SELECT id FROM information_schema.processlist WHERE user='app'"),
    ]);
    await regions.east.admin(...victims.map((row) => `KILL ${row["id"]}`));
    regions.point(westHost);
    await checkInterval();
    expect(await server(pool)).toBe("west");
  });

  it("costs one query deadline on a silent server and does not wedge a pool of one connection", async () => {
    const pool = open({ connectionLimit: 1 });
    expect(await server(pool)).toBe("east");
    await regions.east.freeze();
    const started = performance.now();
    expect(await code(server(pool))).toBe("query-deadline");
    expect(performance.now() - started).toBeLessThan(deadlines.queryMillis + 300);
    regions.point(westHost);
    await checkInterval();
    expect(await server(pool)).toBe("west");
  });

  it("keeps the connections that work while DNS does not answer", async () => {
    const pool = open();
    expect(await server(pool)).toBe("east");
    regions.resolver.failure = () => Promise.reject(new Error("SERVFAIL"));
    await checkInterval();
    expect(await server(pool)).toBe("east");
  });
});

describe("waiting for a connection", () => {
  it("ends at the acquire deadline and the place is free again later", async () => {
    const pool = open({ connectionLimit: 1, deadlines: { ...deadlines, acquireMillis: 200 } });
    const held = await pool.getConnection();
    const error = await pool.query("SELECT 1").catch((thrown: unknown) => thrown);
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
    const pool = regions.pool({ deadlines });
    expect(await server(pool)).toBe("east");
    await regions.east.freeze();
    const started = performance.now();
    await pool.end();
    expect(performance.now() - started).toBeLessThan(deadlines.queryMillis + 300);
  });
});

describe("secrets", () => {
  it("shows no password to whoever prints the pool or a connection", async () => {
    const pool = open();
    const connection = await pool.getConnection();
    const printed = inspect([pool, connection], { depth: 12 });
    expect(printed).toContain(eastHost);
    expect(printed.includes("first-password")).toBe(false);
    connection.release();
  });
});

describe("withTransaction", () => {
  const write = (pool: Pool, id: number) =>
    withTransaction(pool, (connection) => connection.query(`INSERT INTO written VALUES (${id})`));
  const written = async (pool: Pool) => {
    const [rows] = await pool.query<RowDataPacket[]>("SELECT id FROM written ORDER BY id");
    return rows.map((row) => row["id"]);
  };

  it("commits what the work did and rolls back what it threw on", async () => {
    const pool = open({ connectionLimit: 1 });
    await write(pool, 1);
    const refused = withTransaction(pool, async (connection) => {
      await connection.query("INSERT INTO written VALUES (2)");
      throw new Error("changed my mind");
    });
    await expect(refused).rejects.toThrow("changed my mind");
    expect(await written(pool)).toEqual([1]);
  });

  it("leaves a server that became read-only after one failed transaction", async () => {
    const pool = open({ connectionLimit: 1 });
    await write(pool, 1);
    await regions.east.admin("SET GLOBAL read_only=1");
    regions.point(westHost);
    await expect(write(pool, 2)).rejects.toMatchObject({ errno: 1290 });
    await write(pool, 2);
    expect(await server(pool)).toBe("west");
  });

  it("says that the outcome is unknown when the answer to COMMIT is lost, and frees its place", async () => {
    const pool = open({ connectionLimit: 1 });
    const lost = withTransaction(pool, async (connection) => {
      await connection.query("INSERT INTO written VALUES (3)");
      await regions.east.freeze();
    });
    await expect(lost).rejects.toMatchObject({ code: "outcome-unknown" });
    regions.east.thaw();
    expect(await server(pool)).toBe("east");
  });
});

describe("an idle connection", () => {
  it("that died unseen is replaced before use, without a failed request", async () => {
    const clock = { now: Date.now() };
    vi.spyOn(Date, "now").mockImplementation(() => clock.now);
    const pool = open();
    expect(await server(pool)).toBe("east");
    await regions.east.freeze();
    regions.point(westHost);
    regions.resolver.addresses.set(westHost, [regions.west.address]);
    clock.now += 60_000;
    expect(await server(pool)).toBe("west");
    vi.restoreAllMocks();
  });

  it("to the same silent server costs the check's deadline and not a query's", async () => {
    const clock = { now: Date.now() };
    vi.spyOn(Date, "now").mockImplementation(() => clock.now);
    const pool = open({ deadlines: { ...deadlines, queryMillis: 10_000 } });
    expect(await server(pool)).toBe("east");
    await regions.east.freeze();
    clock.now += 60_000;
    const asked = server(pool);
    setTimeout(() => regions.east.thaw(), 1_200);
    expect(await asked).toBe("east");
    vi.restoreAllMocks();
  });
});
