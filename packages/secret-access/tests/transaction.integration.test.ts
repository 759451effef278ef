import type { Pool, RowDataPacket } from "mysql2/promise";
import { describe, expect, it } from "vitest";
import { withTransaction } from "../src/index.ts";
import { PoolsUnderTest, server, shortDeadlines } from "./support/pools-under-test.ts";
import { westHost } from "./support/two-regions.ts";

const test = new PoolsUnderTest();

describe("withTransaction", () => {
  const write = (pool: Pool, id: number) =>
    withTransaction(pool, (connection) => connection.query(`INSERT INTO written VALUES (${id})`));
  const written = async (pool: Pool) => {
    const [rows] = await pool.query<RowDataPacket[]>("SELECT id FROM written ORDER BY id");
    return rows.map((row) => row["id"]);
  };

  it("commits what the work did and rolls back what it threw on", async () => {
    const pool = test.open({ connectionLimit: 1 });
    await write(pool, 1);
    const refused = withTransaction(pool, async (connection) => {
      await connection.query("INSERT INTO written VALUES (2)");
      throw new Error("changed my mind");
    });
    await expect(refused).rejects.toThrow("changed my mind");
    expect(await written(pool)).toEqual([1]);
  });

  it("leaves a server that became read-only after one failed transaction", async () => {
    const pool = test.open({ connectionLimit: 1 });
    await write(pool, 1);
    await test.regions.east.admin("SET GLOBAL read_only=1");
    test.regions.point(westHost);
    await expect(write(pool, 2)).rejects.toMatchObject({ errno: 1290 });
    await write(pool, 2);
    expect(await server(pool)).toBe("west");
  });

  it("says that the outcome is unknown when the answer to COMMIT is lost, and frees its place", async () => {
    const pool = test.open({ connectionLimit: 1, deadlines: shortDeadlines });
    const lost = withTransaction(pool, async (connection) => {
      await connection.query("INSERT INTO written VALUES (3)");
      await test.regions.east.freeze();
    });
    await expect(lost).rejects.toMatchObject({ code: "outcome-unknown" });
    test.regions.east.thaw();
    expect(await server(pool)).toBe("east");
  });
});
