import type { Pool, PoolConnection, RowDataPacket } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { DatabasePoolOptions } from "../../src/index.ts";
import { TwoRegions } from "./two-regions.ts";

/** For tests that measure a deadline. */
export const shortDeadlines = { connectMillis: 1_500, acquireMillis: 2_500, queryMillis: 700 };

/** For all others: a busy machine must not decide them. */
const longDeadlines = { connectMillis: 15_000, acquireMillis: 20_000, queryMillis: 15_000 };

/** Two Regions for the tests of one file, as new before each of them. Pools are closed after it. */
export class PoolsUnderTest {
  #regions: TwoRegions | undefined;
  readonly #pools: Pool[] = [];

  constructor() {
    beforeAll(async () => {
      this.#regions = await TwoRegions.start();
    });
    afterAll(() => this.#regions?.stop());
    beforeEach(() => this.regions.reset());
    afterEach(async () => {
      this.regions.east.thaw();
      for (const pool of this.#pools.splice(0)) await pool.end();
    });
  }

  get regions(): TwoRegions {
    if (!this.#regions) throw new Error("the servers are started before the first test");
    return this.#regions;
  }

  open(options: DatabasePoolOptions = {}): Pool {
    return this.closeLater(this.regions.pool({ deadlines: longDeadlines, ...options }));
  }

  closeLater(pool: Pool): Pool {
    this.#pools.push(pool);
    return pool;
  }
}

/** Name of the server that answers. */
export async function server(pool: Pool | PoolConnection): Promise<string> {
  const [rows] = await pool.query<RowDataPacket[]>("SELECT name FROM server");
  return String(rows[0]?.["name"]);
}

/** What the promise is rejected with. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => error,
  );
