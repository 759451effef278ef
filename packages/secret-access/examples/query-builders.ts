import { createDatabasePool } from "@standby/secret-access";
import { drizzle } from "drizzle-orm/mysql2";
import { Kysely, MysqlDialect } from "kysely";

const pool = createDatabasePool();

/** Drizzle takes the pool itself. */
export const drizzleDatabase = drizzle({ client: pool });

/** Kysely takes the pool's callback form. */
export const kyselyDatabase = new Kysely<{ orders: { id: number; customer: string } }>({
  dialect: new MysqlDialect({ pool: pool.pool }),
});
