import { probeSchema } from "@standby/topology";
import type { Database } from "./database.ts";
import { errnoOf, ReadOnlyDatabaseError } from "./failures.ts";

type Query = Database["query"];

/** A row a Region, so that the tables never grow. */
const table = (name: string): string => `CREATE TABLE IF NOT EXISTS ${probeSchema}.${name} (
  region VARCHAR(32) CHARACTER SET ascii NOT NULL PRIMARY KEY,
  written_at DATETIME(6) NOT NULL,
  mark VARCHAR(64) CHARACTER SET ascii NOT NULL
) ENGINE=InnoDB`;

type Table = "heartbeat" | "canary";

/** ER_BAD_DB_ERROR, ER_NO_SUCH_TABLE. */
const isMissing = (error: unknown): boolean => [1049, 1146].includes(errnoOf(error) ?? 0);

/**
 * Writes the Region's row. The first writer makes the schema, which the replica gets by replication: a schema apart from the
 * application's, so that no migration meets a table that it does not know.
 *
 * @throws ReadOnlyDatabaseError, or the server's own error 1290, on a database that takes no writes.
 */
export async function writeRow(
  { query, dialect }: Database,
  name: Table,
  { region, mark }: { readonly region: string; readonly mark: string },
): Promise<void> {
  const write = () =>
    query(
      `REPLACE INTO ${probeSchema}.${name} (region, written_at, mark) VALUES (?, UTC_TIMESTAMP(6), ?)`,
      [region, mark],
    );
  try {
    await write();
  } catch (error) {
    if (!isMissing(error)) throw error;
    if ((await dialect.state(query)).readOnly)
      throw new ReadOnlyDatabaseError("the database takes no writes (read_only is on)");
    await query(`CREATE DATABASE IF NOT EXISTS ${probeSchema}`);
    await query(table(name));
    await write();
  }
}

/** The mark in the Region's row. */
export async function readMark(query: Query, name: Table, region: string): Promise<string> {
  const [row] = await query(`SELECT mark FROM ${probeSchema}.${name} WHERE region = ?`, [region]);
  return String(row?.["mark"] ?? "");
}

/** Undefined before the first one. */
export async function newestHeartbeat(
  query: Query,
): Promise<{ readonly region: string; readonly writtenAt: string } | undefined> {
  try {
    const [row] = await query(
      `SELECT region, CAST(written_at AS CHAR) AS writtenAt FROM ${probeSchema}.heartbeat ORDER BY written_at DESC LIMIT 1`,
    );
    if (!row) return undefined;
    const writtenAt = `${String(row["writtenAt"]).replace(" ", "T")}Z`;
    return { region: String(row["region"]), writtenAt };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
