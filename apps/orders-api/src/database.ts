import {
  AccessError,
  ConfigurationError,
  type ConnectionOrigin,
  connectionOrigin,
  faultAction,
  mayHaveBeenApplied,
  OutcomeUnknownError,
} from "@standby/secret-access";
import type { Pool, PoolConnection, RowDataPacket } from "mysql2/promise";

/** The database does not take writes now: nothing was written. */
export class ReadOnlyDatabaseError extends Error {
  override readonly name = "ReadOnlyDatabaseError";
  constructor() {
    super("the database does not take writes");
  }
}

/** Another process is changing the tables: nothing was written. */
class MigrationBusyError extends Error {
  override readonly name = "MigrationBusyError";
  constructor() {
    super("another process is changing the tables");
  }
}

export type DatabaseRole = "writer" | "reader";

/** A read replica, and a fenced database, refuse writes by `read_only`. */
async function databaseRole(connection: PoolConnection): Promise<DatabaseRole> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT @@global.read_only AS readOnly");
  return Number(rows[0]?.["readOnly"]) === 0 ? "writer" : "reader";
}

export interface DatabaseOptions {
  readonly migrations: readonly Migration[];
  /** Default: what the pool of `createDatabasePool` knows of its connection. */
  readonly originOf?: (connection: PoolConnection) => ConnectionOrigin;
}

/** The database that the CNAME names now, with the tables that this code needs. */
export class Database {
  readonly #pool: Pool;
  readonly #migrations: Migrations;
  readonly #originOf: (connection: PoolConnection) => ConnectionOrigin;
  /** Names of the databases whose tables were found right: after a failover the next one is looked at anew. */
  readonly #current = new Set<string>();

  constructor(pool: Pool, { migrations, originOf = connectionOrigin }: DatabaseOptions) {
    this.#pool = pool;
    this.#migrations = new Migrations(migrations);
    this.#originOf = originOf;
  }

  /** Works on a replica too. Undefined when it has no such table: nothing was written yet, or it has not caught up. */
  async read<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T | undefined> {
    return this.#withConnection(async (connection) => {
      await this.#bringUp(connection);
      try {
        return await work(connection);
      } catch (error) {
        if (errnoOf(error) === noSuchTable) return undefined;
        throw error;
      }
    });
  }

  /**
   * The work is one statement or one transaction with the idempotency key in it, so that a caller may send it again after any error.
   *
   * @throws OutcomeUnknownError when it may have been applied; ReadOnlyDatabaseError when nothing was.
   */
  async write<T>(
    work: (connection: PoolConnection, origin: ConnectionOrigin) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#writeOnce(work);
    } catch (error) {
      // A server that has just lost its role has applied nothing, and the pool has left it: the next one may take the write.
      if (faultAction(error) === "leave-read-only-server") return this.#writeOnce(work);
      throw error;
    }
  }

  /** Which database and which version of the secret are in use, found by using them. */
  async health(): Promise<ConnectionOrigin & { readonly role: DatabaseRole }> {
    return this.#withConnection(async (connection) => ({
      ...this.#originOf(connection),
      role: await databaseRole(connection),
    }));
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #writeOnce<T>(
    work: (connection: PoolConnection, origin: ConnectionOrigin) => Promise<T>,
  ): Promise<T> {
    return this.#withConnection(async (connection) => {
      if (!(await this.#bringUp(connection))) throw new ReadOnlyDatabaseError();
      try {
        return await work(connection, this.#originOf(connection));
      } catch (error) {
        if (!mayHaveBeenApplied(error) && !isFatal(error)) throw error;
        throw new OutcomeUnknownError("outcome-unknown", "the answer to a write was lost", error);
      }
    });
  }

  /** False on a replica that lacks a migration: it gets it by replication, never from here. */
  async #bringUp(connection: PoolConnection): Promise<boolean> {
    const { target } = this.#originOf(connection);
    if (this.#current.has(target)) return true;
    if (await this.#migrations.areMissing(connection)) {
      if ((await databaseRole(connection)) === "reader") return false;
      await this.#migrations.apply(connection);
    }
    this.#current.add(target);
    return true;
  }

  async #withConnection<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await this.#pool.getConnection();
    try {
      return await work(connection);
    } finally {
      connection.release();
    }
  }
}

/** ER_NO_SUCH_TABLE. */
const noSuchTable = 1146;

/** ER_DUP_ENTRY: the key is taken. */
export const isDuplicate = (error: unknown): boolean => errnoOf(error) === 1062;

const errnoOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "errno" in error ? error.errno : undefined;

/** mysql2 marks errors that end a connection, those without a code too. */
const isFatal = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "fatal" in error && error.fatal === true;

/**
 * Errors of a statement that pass by themselves, and after which nothing is applied: ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK,
 * ER_QUERY_INTERRUPTED, ER_RECORD_FILE_FULL, ER_DISK_FULL.
 */
const passing: ReadonlySet<unknown> = new Set([1205, 1213, 1317, 1114, 1021]);

/** A login that a full server refuses comes as the cause of an error of the library. */
const isPassing = (error: unknown): boolean =>
  error instanceof MigrationBusyError ||
  passing.has(errnoOf(error)) ||
  (error instanceof AccessError && faultAction(error.cause) === "wait");

/** The code of a failure that trying again mends, stable and the same in answer and log; undefined for all others. */
export function unavailabilityOf(error: unknown): string | undefined {
  if (error instanceof ReadOnlyDatabaseError) return "database-read-only";
  const action = faultAction(error);
  if (action === "leave-read-only-server") return "database-read-only";
  // A read that was lost on the way: the server did not answer.
  if (action === "reconnect") return "database-unreachable";
  if (action === "wait" || isPassing(error)) return "database-busy";
  if (error instanceof ConfigurationError) return undefined;
  // mysql2 marks what ended a login too, so a typed error goes first.
  if (error instanceof AccessError) return error.code;
  return isFatal(error) ? "database-unreachable" : undefined;
}

/**
 * One step of the schema. MySQL commits each DDL statement by itself, so a step that was cut off is run again: it must be harmless
 * then (`IF NOT EXISTS`). Functions of two versions and two Regions run at once: a step only adds, and what the code of before needs
 * goes in a later release.
 */
export interface Migration {
  /** Higher than all before it, never changed afterwards. */
  readonly version: number;
  readonly statement: string;
}

const createJournal =
  "CREATE TABLE IF NOT EXISTS schema_migrations (version INT PRIMARY KEY, applied_at DATETIME(3) NOT NULL) ENGINE=InnoDB";

/** Below the deadline of a statement. Locks are per server, and both Regions' functions write to the one that the CNAME names. */
const lockSeconds = 3;
const lockName = "LEFT(CONCAT('migrations.', DATABASE()), 64)";

/** Brings a writable database's tables up to what the code needs, once, whoever else starts at the same time. */
class Migrations {
  readonly #steps: readonly Migration[];
  readonly #newest: number;

  constructor(steps: readonly Migration[]) {
    this.#steps = steps;
    this.#newest = steps.at(-1)?.version ?? 0;
  }

  async areMissing(connection: PoolConnection): Promise<boolean> {
    return (await newestApplied(connection)) < this.#newest;
  }

  /** @throws MigrationBusyError when another process is still at it. */
  async apply(connection: PoolConnection): Promise<void> {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT GET_LOCK(${lockName}, ${lockSeconds}) AS taken`,
    );
    if (Number(rows[0]?.["taken"]) !== 1) throw new MigrationBusyError();
    try {
      await this.#applyMissing(connection);
    } finally {
      // A connection that is gone has given its lock back.
      await connection.query(`DO RELEASE_LOCK(${lockName})`).catch(() => connection.destroy());
    }
  }

  async #applyMissing(connection: PoolConnection): Promise<void> {
    await connection.query(createJournal);
    // Asked again: the one that had the lock before may have done it all.
    const applied = await newestApplied(connection);
    for (const { version, statement } of this.#steps.filter((step) => step.version > applied)) {
      await connection.query(statement);
      await connection.query(
        "INSERT INTO schema_migrations (version, applied_at) VALUES (?, UTC_TIMESTAMP(3))",
        [version],
      );
    }
  }
}

async function newestApplied(connection: PoolConnection): Promise<number> {
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT MAX(version) AS version FROM schema_migrations",
    );
    return Number(rows[0]?.["version"] ?? 0);
  } catch (error) {
    // No migration has run here yet.
    if (errnoOf(error) === noSuchTable) return 0;
    throw error;
  }
}
