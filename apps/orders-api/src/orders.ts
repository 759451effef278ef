import {
  connectionOrigin,
  faultAction,
  mayHaveBeenApplied,
  OutcomeUnknownError,
} from "@standby/secret-access";
import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import type { NewOrder, Order } from "./order.ts";
import { createOrdersTable, isDuplicate, isTableMissing } from "./schema.ts";

const columns =
  "id, customer, amount_cents AS amountCents, CAST(created_at AS CHAR) AS createdAt, region, database_host AS databaseHost";

export type CreateResult =
  | { readonly outcome: "created" | "repeated"; readonly order: Order }
  | { readonly outcome: "conflict" };

/** The orders of the database that the CNAME names now. */
export class Orders {
  readonly #pool: Pool;
  readonly #region: string;

  constructor(pool: Pool, region: string) {
    this.#pool = pool;
    this.#region = region;
  }

  /**
   * Writes the order once, however often it is sent with the same id.
   *
   * @throws OutcomeUnknownError when the answer to the write was lost.
   */
  async create(id: string, wanted: NewOrder): Promise<CreateResult> {
    try {
      return await this.#createOnce(id, wanted);
    } catch (error) {
      // A server that has just lost its role has applied nothing, and the pool has left it: the next one may take the write.
      if (faultAction(error) === "leave-read-only-server") return this.#createOnce(id, wanted);
      throw error;
    }
  }

  async find(id: string): Promise<Order | undefined> {
    const rows = await this.#select("WHERE id = ?", [id]);
    return rows[0];
  }

  async list(after: string | undefined, limit: number): Promise<readonly Order[]> {
    return this.#select("WHERE id > ? ORDER BY id LIMIT ?", [after ?? "", String(limit)]);
  }

  async #createOnce(id: string, wanted: NewOrder): Promise<CreateResult> {
    const connection = await this.#pool.getConnection();
    try {
      const order = this.#newOrder(id, wanted, connection);
      if (await insertOrCreateTable(connection, order)) return { outcome: "created", order };
      const [stored] = await selectOrders(connection, "WHERE id = ?", [id]);
      return stored?.customer === wanted.customer && stored.amountCents === wanted.amountCents
        ? { outcome: "repeated", order: stored }
        : { outcome: "conflict" };
    } finally {
      connection.release();
    }
  }

  #newOrder(id: string, wanted: NewOrder, connection: PoolConnection): Order {
    return {
      id,
      ...wanted,
      createdAt: new Date().toISOString(),
      region: this.#region,
      databaseHost: connectionOrigin(connection).target,
    };
  }

  async #select(where: string, parameters: readonly string[]): Promise<readonly Order[]> {
    const connection = await this.#pool.getConnection();
    try {
      return await selectOrders(connection, where, parameters);
    } catch (error) {
      if (isTableMissing(error)) return [];
      throw error;
    } finally {
      connection.release();
    }
  }
}

async function insertOrCreateTable(connection: PoolConnection, order: Order): Promise<boolean> {
  try {
    return await insert(connection, order);
  } catch (error) {
    if (!isTableMissing(error)) throw error;
    await createOrdersTable(connection);
    return insert(connection, order);
  }
}

/** False when the id is taken. */
async function insert(connection: PoolConnection, order: Order): Promise<boolean> {
  const { id, customer, amountCents, createdAt, region, databaseHost } = order;
  try {
    await connection.execute<ResultSetHeader>(
      "INSERT INTO orders (id, customer, amount_cents, created_at, region, database_host) VALUES (?, ?, ?, ?, ?, ?)",
      [
        id,
        customer,
        amountCents,
        createdAt.replace("T", " ").replace("Z", ""),
        region,
        databaseHost,
      ],
    );
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    if (!mayHaveBeenApplied(error)) throw error;
    throw new OutcomeUnknownError("outcome-unknown", "the answer to the INSERT was lost", {
      cause: error,
    });
  }
}

async function selectOrders(
  connection: PoolConnection,
  where: string,
  parameters: readonly string[],
): Promise<Order[]> {
  const [rows] = await connection.execute<(Order & RowDataPacket)[]>(
    `SELECT ${columns} FROM orders ${where}`,
    [...parameters],
  );
  return rows.map(({ id, customer, amountCents, createdAt, region, databaseHost }) => ({
    id,
    customer,
    amountCents,
    createdAt: `${createdAt.replace(" ", "T")}Z`,
    region,
    databaseHost,
  }));
}
