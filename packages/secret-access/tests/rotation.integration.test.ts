import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import type { Pool, RowDataPacket } from "mysql2/promise";
import { describe, expect, it } from "vitest";
import { connectionOrigin } from "../src/index.ts";
import { failureOf, PoolsUnderTest } from "./support/pools-under-test.ts";
import { secretValue } from "./support/two-regions.ts";

const test = new PoolsUnderTest();

/** Logs in anew for one request after the other until it is told to stop. */
function load(pool: Pool) {
  const failed: unknown[] = [];
  let requests = 0;
  let stopped = false;
  const ended = (async () => {
    while (!stopped) {
      await pool.getConnection().then(
        (connection) => connection.destroy(),
        (error: unknown) => failed.push(error),
      );
      requests++;
      await sleep(5);
    }
  })();
  return {
    /** Until so many more requests are over. */
    more: async (count: number) => {
      const enough = requests + count;
      await expect.poll(() => requests, { timeout: 30_000 }).toBeGreaterThanOrEqual(enough);
    },
    /** What failed. */
    stop: async (): Promise<readonly unknown[]> => {
      stopped = true;
      await ended;
      return failed;
    },
  };
}

describe("rotation", () => {
  it.each([
    ["password first, then the label", ["password", "label"]],
    ["label first, then the password", ["label", "password"]],
  ])("fails no request of an application under load: %s", async (_order, steps) => {
    const { secrets, east } = test.regions;
    const { more, stop } = load(test.open());
    await more(10);
    const before = secrets.calls.length;
    secrets.put("v2", ["AWSPENDING"], secretValue("second-password"));
    for (const step of steps) {
      if (step === "password")
        await east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
      else {
        secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
        secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
      }
      await more(20);
    }
    expect(await stop()).toEqual([]);
    expect(secrets.calls.length - before).toBeLessThanOrEqual(3);
  });

  it("logs in with AWSPENDING when the password is changed and the label not yet moved", async () => {
    await test.regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    test.regions.secrets.put("v2", ["AWSPENDING"], secretValue("second-password"));
    const connection = await test.open().getConnection();
    expect(connectionOrigin(connection).secretVersionId).toBe("v2");
    connection.release();
  });

  it("logs in with AWSPREVIOUS when the server's user table is behind the secret", async () => {
    test.regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    test.regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
    const connection = await test.open().getConnection();
    expect(connectionOrigin(connection).secretVersionId).toBe("v1");
    connection.release();
  });

  it("takes a rotated password and a rotated user for the next connection", async () => {
    const pool = test.open();
    const first = await pool.getConnection();
    await test.regions.east.createUser("clone", "second-password");
    await test.regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'retired-password'");
    test.regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    test.regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password", "clone"));
    const second = await pool.getConnection();
    const [rows] = await second.query<RowDataPacket[]>("SELECT CURRENT_USER() AS user");
    expect(rows[0]?.["user"]).toBe("clone@%");
    first.release();
    second.release();
  });

  it("asks Secrets Manager once when a hundred logins are refused at once", async () => {
    const pool = test.open({ connectionLimit: 100 });
    await pool.query("SELECT 1");
    const before = test.regions.secrets.calls.length;
    await test.regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    test.regions.secrets.put("v1", ["AWSPREVIOUS"], secretValue("first-password"));
    test.regions.secrets.put("v2", ["AWSCURRENT"], secretValue("second-password"));
    const held = await Promise.all(Array.from({ length: 100 }, () => pool.getConnection()));
    expect(test.regions.secrets.calls.slice(before)).toEqual(["AWSCURRENT"]);
    for (const connection of held) connection.release();
  });

  it("costs two calls and no failed request while the label lags behind the password", async () => {
    const pool = test.open({ connectionLimit: 20 });
    const held = [await pool.getConnection()];
    const before = test.regions.secrets.calls.length;
    await test.regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'second-password'");
    test.regions.secrets.put("v2", ["AWSPENDING"], secretValue("second-password"));
    while (held.length < 20) held.push(await pool.getConnection());
    expect(test.regions.secrets.calls.slice(before)).toEqual(["AWSCURRENT", "AWSPENDING"]);
    for (const connection of held) connection.release();
  });

  it("ends with a typed error when the server refuses every version, and shows no secret", async () => {
    await test.regions.east.admin("ALTER USER app@'%' IDENTIFIED BY 'unknown-password'");
    const error = await failureOf(test.open().query("SELECT 1"));
    expect(error).toMatchObject({ code: "database-access-denied" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("first-password");
  });
});
