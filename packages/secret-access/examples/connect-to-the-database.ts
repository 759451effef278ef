import {
  connectionOrigin,
  createDatabasePool,
  DatabaseUnreachableError,
  OutcomeUnknownError,
  withTransaction,
} from "@standby/secret-access";
import type { ResultSetHeader, RowDataPacket } from "mysql2/promise";

/** SECRET_NAME, REGION_NAME and DATABASE_HOSTS say the rest. */
const pool = createDatabasePool();

export async function countOrders(): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>("SELECT COUNT(*) AS orders FROM orders");
  return Number(rows[0]?.["orders"]);
}

/** Both rows or none. The caller decides whether to do the work again, since only the caller knows whether it may. */
export async function takeOrder(customer: string): Promise<number | "later" | "unknown"> {
  try {
    return await withTransaction(pool, async (connection) => {
      const [order] = await connection.execute<ResultSetHeader>(
        "INSERT INTO orders (customer) VALUES (?)",
        [customer],
      );
      await connection.execute("INSERT INTO audit (order_id) VALUES (?)", [order.insertId]);
      return order.insertId;
    });
  } catch (error) {
    if (error instanceof DatabaseUnreachableError) return "later";
    if (error instanceof OutcomeUnknownError) return "unknown";
    throw error;
  }
}

/** Which database answers now, and by which version of the secret. */
export async function whereAmI(): Promise<string> {
  const connection = await pool.getConnection();
  try {
    const { target, secretVersionId } = connectionOrigin(connection);
    return `${target} with version ${secretVersionId}`;
  } finally {
    connection.release();
  }
}
