import type { Database } from "./database.ts";

/** Columns of the primary key by `schema.table`; a table without one is not among them. */
export type PrimaryKeys = ReadonlyMap<string, readonly string[]>;

/** As the tables are now: a binary log names no keys unless the server was set up so. */
export async function readPrimaryKeys(query: Database["query"]): Promise<PrimaryKeys> {
  const rows = await query(
    "SELECT TABLE_SCHEMA AS `schema`, TABLE_NAME AS `table`, COLUMN_NAME AS `column` FROM information_schema.STATISTICS WHERE INDEX_NAME = 'PRIMARY' AND TABLE_SCHEMA NOT IN ('mysql', 'sys') ORDER BY TABLE_SCHEMA, TABLE_NAME, SEQ_IN_INDEX",
  );
  const keys = new Map<string, string[]>();
  for (const row of rows) {
    const table = `${row["schema"]}.${row["table"]}`;
    keys.set(table, [...(keys.get(table) ?? []), String(row["column"])]);
  }
  return keys;
}

/** Null for a table without a key, and for a row that lacks a column of it. */
export function keyOf(
  columns: readonly string[] | undefined,
  row: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  if (!columns?.every((column) => column in row)) return null;
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}
