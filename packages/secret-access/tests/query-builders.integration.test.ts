import { eq } from "drizzle-orm";
import { int, mysqlTable } from "drizzle-orm/mysql-core";
import { drizzle } from "drizzle-orm/mysql2";
import { Kysely, MysqlDialect } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TwoRegions, westHost } from "./support/two-regions.ts";

let regions: TwoRegions;
beforeAll(async () => {
  regions = await TwoRegions.start();
});
afterAll(() => regions.stop());
beforeEach(() => regions.reset());

describe("Drizzle", () => {
  const written = mysqlTable("written", { id: int("id").primaryKey() });

  it("takes the pool, and its transactions leave a read-only server", async () => {
    const pool = regions.pool();
    const database = drizzle({ client: pool });
    await database.transaction((transaction) => transaction.insert(written).values({ id: 1 }));
    expect(await database.select().from(written).where(eq(written.id, 1))).toEqual([{ id: 1 }]);
    await regions.east.admin("SET GLOBAL read_only=1");
    regions.point(westHost);
    const write = () =>
      database.transaction((transaction) => transaction.insert(written).values({ id: 2 }));
    await expect(write()).rejects.toMatchObject({ cause: { errno: 1290 } });
    await write();
    expect(await regions.west.admin("SELECT id FROM orders.written")).toEqual([{ id: 2 }]);
    await pool.end();
  });
});

describe("Kysely", () => {
  it("takes the pool's callback form, and its transactions leave a read-only server", async () => {
    const pool = regions.pool();
    const database = new Kysely<{ written: { id: number } }>({
      dialect: new MysqlDialect({ pool: pool.pool }),
    });
    const write = (id: number) =>
      database
        .transaction()
        .execute((transaction) => transaction.insertInto("written").values({ id }).execute());
    await write(1);
    expect(await database.selectFrom("written").select("id").execute()).toEqual([{ id: 1 }]);
    await regions.east.admin("SET GLOBAL read_only=1");
    regions.point(westHost);
    await expect(write(2)).rejects.toMatchObject({ errno: 1290 });
    await write(2);
    expect(await regions.west.admin("SELECT id FROM orders.written")).toEqual([{ id: 2 }]);
    await database.destroy();
  });
});
