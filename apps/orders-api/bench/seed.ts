import type { Pool } from "mysql2/promise";
import { Database } from "../src/database.ts";
import { ordersMigrations } from "../src/orders.ts";

/** Makes the tables and one order. */
export async function seed(pool: Pool, id: string): Promise<void> {
  const database = new Database(pool, { migrations: ordersMigrations });
  await database.write((connection) =>
    connection.query(
      "INSERT INTO orders VALUES (?, 'Ada', 100, '2026-11-24 00:00:00', 'us-east-1', 'host')",
      [id],
    ),
  );
  await database.close();
}
