import type { ConnectionOrigin } from "@standby/secret-access";
import type { PoolConnection, ResultSetHeader, RowDataPacket } from "mysql2/promise";
import * as z from "zod/mini";
import { type Database, isDuplicate, type Migration } from "./database.ts";
import {
  type Call,
  maximumBodyBytes,
  Refusal,
  type Reply,
  type Request,
  type Route,
} from "./http.ts";

/** Ids compare byte by byte, so that paging by id is the same on every server. */
export const ordersMigrations: readonly Migration[] = [
  {
    version: 1,
    statement: `CREATE TABLE IF NOT EXISTS orders (
      id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      customer VARCHAR(200) NOT NULL,
      amount_cents BIGINT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      region VARCHAR(32) NOT NULL,
      database_host VARCHAR(255) NOT NULL
    ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`,
  },
];

/** An order as callers see it. Its id is the idempotency key of the request that made it. */
interface Order {
  readonly id: string;
  readonly customer: string;
  readonly amountCents: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The Region whose function wrote it. */
  readonly region: string;
  /** The database that took it. */
  readonly databaseHost: string;
}

const customerRule = "must be text of 1 to 200 characters";
const newOrderSchema = z.strictObject(
  {
    customer: z.string(customerRule).check(
      z.trim(),
      z.minLength(1, customerRule),
      z.maxLength(200, customerRule),
      // Half a character would come back as another one, and the repeated request would differ from the stored order.
      z.refine((text) => text.isWellFormed(), customerRule),
    ),
    amountCents: z
      .int("must be a whole number above 0")
      .check(z.positive("must be a whole number above 0")),
  },
  "must be an object with customer and amountCents",
);
type NewOrder = z.infer<typeof newOrderSchema>;

const idRule = "must be 1 to 64 letters, digits, - or _, such as a UUID";
const idSchema = z.string(idRule).check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, idRule));

const limitRule = "must be a whole number from 1 to 1000";
const pageSchema = z.object({
  after: z.optional(idSchema),
  limit: z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,4}$/, limitRule)), "100"),
    z.pipe(z.transform(Number), z.number().check(z.gte(1, limitRule), z.lte(1_000, limitRule))),
  ),
});

/** The whole HTTP surface. */
export function ordersRoutes(database: Database, region: string): readonly Route[] {
  return [
    { method: "POST", path: "/orders", answer: (call) => createOrder(call, database, region) },
    { method: "GET", path: "/orders", answer: (call) => listOrders(call, database) },
    { method: "GET", path: "/orders/{id}", answer: (call) => readOrder(call, database) },
    { method: "GET", path: "/health", answer: () => health(database, region) },
  ];
}

/** 201 the first time, 200 with the stored order for the same key and body, 409 for another body. */
async function createOrder(call: Call, database: Database, region: string): Promise<Reply> {
  const id = check(idSchema, call.headers["idempotency-key"], "Idempotency-Key header");
  const wanted = check(newOrderSchema, readJson(call), "body");
  return database.write(async (connection, origin) => {
    const order = newOrder(id, wanted, region, origin);
    if (await insert(connection, order)) return { status: 201, body: order };
    const [stored] = await select(connection, "WHERE id = ?", [id]);
    if (stored?.customer === wanted.customer && stored.amountCents === wanted.amountCents)
      return { status: 200, body: stored };
    throw new Refusal(
      409,
      "idempotency-key-reused",
      "Idempotency-Key header: was used for another order: nothing was written",
    );
  });
}

const newOrder = (
  id: string,
  wanted: NewOrder,
  region: string,
  { target }: ConnectionOrigin,
): Order => ({
  id,
  ...wanted,
  createdAt: new Date().toISOString(),
  region,
  databaseHost: target,
});

async function readOrder({ parameters }: Call, database: Database): Promise<Reply> {
  const id = check(idSchema, parameters["id"], "id");
  const [order] = (await database.read((connection) =>
    select(connection, "WHERE id = ?", [id]),
  )) ?? [undefined];
  if (!order) throw new Refusal(404, "not-found", "no order has this id");
  return { status: 200, body: order };
}

/** `?after=<id>&limit=<1..1000>`: in the order of ids; `next` is the `after` of the next page. */
async function listOrders({ query }: Call, database: Database): Promise<Reply> {
  const { after = "", limit } = check(pageSchema, query, "query");
  const orders =
    (await database.read((connection) =>
      select(connection, "WHERE id > ? ORDER BY id LIMIT ?", [after, String(limit)]),
    )) ?? [];
  const last = orders.at(-1);
  const next = orders.length === limit && last ? { next: last.id } : {};
  return { status: 200, body: { orders, ...next } };
}

/** Which secret and which database this Region uses at this moment. */
async function health(database: Database, region: string): Promise<Reply> {
  const { host, target, role, secretArn, secretVersionId } = await database.health();
  return {
    status: 200,
    body: {
      region,
      secret: { arn: secretArn, versionId: secretVersionId },
      database: { host, target, role },
    },
  };
}

/** The order and its key in one statement, which is one transaction. False when the key is taken. */
async function insert(connection: PoolConnection, order: Order): Promise<boolean> {
  const { id, customer, amountCents, createdAt, region, databaseHost } = order;
  const time = createdAt.replace("T", " ").replace("Z", "");
  try {
    await connection.execute<ResultSetHeader>(
      "INSERT INTO orders (id, customer, amount_cents, created_at, region, database_host) VALUES (?, ?, ?, ?, ?, ?)",
      [id, customer, amountCents, time, region, databaseHost],
    );
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

async function select(
  connection: PoolConnection,
  where: string,
  parameters: string[],
): Promise<readonly Order[]> {
  const [rows] = await connection.execute<(Order & RowDataPacket)[]>(
    `SELECT id, customer, amount_cents AS amountCents, CAST(created_at AS CHAR) AS createdAt, region, database_host AS databaseHost FROM orders ${where}`,
    parameters,
  );
  return rows.map((row) => ({ ...row, createdAt: `${row.createdAt.replace(" ", "T")}Z` }));
}

/** @throws Refusal 413, 415 or 400. */
function readJson({ headers, body }: Request): unknown {
  if (body.byteLength > maximumBodyBytes)
    throw new Refusal(413, "body-too-large", `body: must have at most ${maximumBodyBytes} bytes`);
  const [type = ""] = (headers["content-type"] ?? "application/json").split(";");
  if (type.trim().toLowerCase() !== "application/json")
    throw new Refusal(
      415,
      "unsupported-media-type",
      "Content-Type header: must be application/json",
    );
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // What the parser says quotes the body.
    throw new Refusal(400, "bad-request", "body: must be JSON in UTF-8");
  }
}

/**
 * The checked value. Messages are the schema's own and name the field, never its value.
 *
 * @throws Refusal 400 with every fault.
 */
function check<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  name: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) =>
    issue.code === "unrecognized_keys"
      ? `${issue.keys.map((key) => key.slice(0, 64)).join(", ")}: must not be given`
      : `${issue.path.join(".") || name}: ${issue.message}`,
  );
  throw new Refusal(400, "bad-request", faults.slice(0, 10).join("; "));
}
