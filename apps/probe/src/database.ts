import { promises as dns } from "node:dns";
import { connectionOrigin, createDatabasePool } from "@standby/secret-access";
import type { PoolConnection, RowDataPacket } from "mysql2/promise";
import { ownDatabase, type Place } from "./place.ts";
import { dialectOf, type SqlDialect } from "./sql-dialect.ts";

/** What every ask is given. */
export interface Surroundings {
  readonly place: Place;
  /** Aborts when the operation's time is over. */
  readonly signal: AbortSignal;
  /** The operation's time. */
  readonly millis: number;
}

type Row = Readonly<Record<string, unknown>>;

/** One database while the probe talks to it. */
export interface Database {
  readonly address: string;
  readonly version: string;
  readonly dialect: SqlDialect;
  /** Of the secret with which it let the probe in. */
  readonly acceptedVersionId: string;
  query(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

const connectMillis = 3_000;
const acquireMillis = 6_000;
const queryMillis = 5_000;

/**
 * Runs some work on the database at this address and nowhere else: the pool of the application, whose CNAME is answered here by
 * the address itself. So the credentials, their order and the proof of the server's identity are the application's own.
 */
export async function withDatabase<Result>(
  address: string,
  { place, signal }: Surroundings,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const target = ownDatabase(place, address);
  const pool = createDatabasePool({
    secretId: place.secretId,
    region: place.region,
    allowedHosts: [target],
    connectionLimit: 1,
    deadlines: { connectMillis, acquireMillis, queryMillis },
    resolver: {
      resolveCname: async () => [target],
      resolve4: (name) => dns.resolve4(name),
    },
  });
  let connection: PoolConnection | undefined;
  // What is under way fails at once; a row that was sent may have been written.
  const abort = () => connection?.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    connection = await pool.getConnection();
    signal.throwIfAborted();
    return await work(await openedDatabase(connection, target));
  } finally {
    signal.removeEventListener("abort", abort);
    connection?.destroy();
    // Nothing waits for a server that may be silent: the connection is gone already.
    pool.end().catch(() => {});
  }
}

async function openedDatabase(connection: PoolConnection, address: string): Promise<Database> {
  const query: Database["query"] = async (sql, values = []) => {
    const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
    return Array.isArray(rows) ? rows : [];
  };
  // Every moment is written and read in one time zone.
  await query("SET time_zone = '+00:00'");
  const [row] = await query("SELECT VERSION() AS version");
  const version = String(row?.["version"] ?? "");
  return {
    address,
    version,
    dialect: dialectOf(version),
    acceptedVersionId: connectionOrigin(connection).secretVersionId,
    query,
  };
}
