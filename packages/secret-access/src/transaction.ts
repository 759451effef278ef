import type { Pool, PoolConnection } from "mysql2/promise";
import { mayHaveBeenApplied } from "./connection-faults.ts";
import { OutcomeUnknownError } from "./errors.ts";

/**
 * Runs the work in one transaction on one connection: commits what it returns, rolls back when it throws, gives the connection
 * back in every case. Nothing is tried twice: an error of the work, or a server that is read-only, means that nothing was
 * applied, and the caller may call again.
 *
 * @throws OutcomeUnknownError when the answer to COMMIT was lost; else what the work, the pool or mysql2 throws.
 * @example
 * withTransaction(pool, async (connection) => {
 *   const [order] = await connection.execute<ResultSetHeader>(
 *     "INSERT INTO orders (customer) VALUES (?)",
 *     [customer],
 *   );
 *   await connection.execute("INSERT INTO audit (order_id) VALUES (?)", [order.insertId]);
 *   return order.insertId;
 * });
 */
export async function withTransaction<Result>(
  pool: Pool,
  work: (connection: PoolConnection) => Promise<Result>,
): Promise<Result> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const result = await workOrRollBack(connection, work);
    await commit(connection);
    return result;
  } finally {
    connection.release();
  }
}

async function workOrRollBack<Result>(
  connection: PoolConnection,
  work: (connection: PoolConnection) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(connection);
  } catch (error) {
    // A connection that cannot roll back is closed, which rolls back too: it must not go to the next caller.
    await connection.rollback().catch(() => connection.destroy());
    throw error;
  }
}

async function commit(connection: PoolConnection): Promise<void> {
  try {
    await connection.commit();
  } catch (error) {
    if (mayHaveBeenApplied(error))
      throw new OutcomeUnknownError(
        "outcome-unknown",
        "the answer to COMMIT was lost: the transaction may or may not have been applied",
        error,
      );
    await connection.rollback().catch(() => connection.destroy());
    throw error;
  }
}
