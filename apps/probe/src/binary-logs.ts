import { missingTransactions, parseTransactions, type Transactions } from "@standby/topology";
import type { Database } from "./database.ts";

/** Where to read, from the first transaction that may not be known to the last that is written. */
export interface LogSpan {
  readonly firstFile: string;
  readonly lastFile: string;
  readonly end: number;
  /** False: transactions that are not known were in logs that are gone. */
  readonly complete: boolean;
}

/** Undefined without a binary log. Needs the rights REPLICATION CLIENT and REPLICATION SLAVE, which RDS's master user has. */
export async function unknownSpan(
  { query, dialect }: Database,
  known: Transactions,
): Promise<LogSpan | undefined> {
  const logs = await query("SHOW BINARY LOGS");
  const last = logs.at(-1);
  if (!last) return undefined;
  const files = logs.map((log) => String(log["Log_name"]));
  const ends = { lastFile: String(last["Log_name"]), end: Number(last["File_size"]) };
  for (const file of files.toReversed()) {
    const before = dialect.transactionsBefore(await headerOf(query, file));
    if (missingTransactions(parseTransactions(before), known).size === 0)
      return { firstFile: file, ...ends, complete: true };
  }
  return { firstFile: files[0] ?? ends.lastFile, ...ends, complete: false };
}

const headers = ["Previous_gtids", "Gtid_list"];

/** The first events of a log: its format, then which transactions the logs before it hold. */
async function headerOf(query: Database["query"], file: string): Promise<string> {
  const events = await query("SHOW BINLOG EVENTS IN ? LIMIT 4", [file]);
  const header = events.find((event) => headers.includes(String(event["Event_type"])));
  return String(header?.["Info"] ?? "");
}
