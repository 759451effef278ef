import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import { ReadOnlyDatabaseError } from "./failures.ts";

/** Ids compare byte by byte, so that paging by id is the same on every server. */
const createTable = `CREATE TABLE IF NOT EXISTS orders (
  id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  customer VARCHAR(200) NOT NULL,
  amount_cents BIGINT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  region VARCHAR(32) NOT NULL,
  database_host VARCHAR(255) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`;

export type DatabaseRole = "writer" | "reader";

/** A read replica, and a fenced database, refuse writes by `read_only`. */
export async function databaseRole(connection: PoolConnection): Promise<DatabaseRole> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT @@global.read_only AS readOnly");
  return Number(rows[0]?.["readOnly"]) === 0 ? "writer" : "reader";
}

/** @throws ReadOnlyDatabaseError on a replica: its table comes by replication. */
export async function createOrdersTable(connection: PoolConnection): Promise<void> {
  if ((await databaseRole(connection)) === "reader") throw new ReadOnlyDatabaseError();
  await connection.query(createTable);
}

/** ER_NO_SUCH_TABLE: nothing was ever written, or a replica has not caught up. */
export const isTableMissing = (error: unknown): boolean => errnoOf(error) === 1146;

/** ER_DUP_ENTRY. */
export const isDuplicate = (error: unknown): boolean => errnoOf(error) === 1062;

const errnoOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;
