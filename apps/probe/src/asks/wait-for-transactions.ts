import { setTimeout as delay } from "node:timers/promises";
import {
  missingTransactions,
  type ProbeRequest,
  parseTransactions,
  type WaitAnswer,
} from "@standby/topology";
import { type Surroundings, withDatabase } from "../database.ts";

type Request = Extract<ProbeRequest, { readonly ask: "wait-for-transactions" }>;

const intervalMillis = 50;
/** So that an answer comes out before the operation's own deadline. */
const reserveMillis = 500;

/**
 * Waits until the database has applied all of the transactions. Sets are compared here: MySQL's own wait knows its sets only, and
 * MariaDB's the one position of a replica.
 */
export const waitForTransactions = (
  { address, transactions, timeoutSeconds }: Request,
  around: Surroundings,
): Promise<WaitAnswer> => {
  const end = performance.now() + Math.min(timeoutSeconds * 1_000, around.millis - reserveMillis);
  const wanted = parseTransactions(transactions);
  return withDatabase(address, around, async ({ dialect, query }) => {
    for (;;) {
      const applied = (await dialect.state(query)).transactions;
      const reached = missingTransactions(wanted, parseTransactions(applied)).size === 0;
      if (reached || performance.now() + intervalMillis > end)
        return { reached, transactions: applied };
      await delay(intervalMillis, undefined, { signal: around.signal });
    }
  });
};
