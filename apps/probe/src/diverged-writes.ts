import {
  type DivergedWrite,
  type DivergedWritesAnswer,
  missingTransactions,
  parseTransactions,
  probeSchema,
  type Transactions,
} from "@standby/topology";
import type { BinlogEvent, DeleteRowsEvent, UpdateRowsEvent, WriteRowsEvent } from "@vlasky/zongji";
import { jsonRow } from "./row-values.ts";

type RowsEvent = WriteRowsEvent | UpdateRowsEvent | DeleteRowsEvent;

/** Lambda answers at most 6 MB. */
const maximumBytes = 4_500_000;

/** Collects from a binary log's events the rows of transactions that are not known. */
export class DivergedWrites {
  readonly #known: Transactions;
  readonly #maximumRows: number;
  readonly #writes: DivergedWrite[] = [];
  readonly #withoutRows = new Set<string>();
  #bytes = 0;
  #truncated = false;

  constructor(known: Transactions, maximumRows: number) {
    this.#known = known;
    this.#maximumRows = maximumRows;
  }

  coversAll(transactions: Transactions): boolean {
    return missingTransactions(transactions, this.#known).size === 0;
  }

  /** False: there is no room for more. */
  add(event: BinlogEvent): boolean {
    const { gtid } = event;
    if (gtid === undefined || this.coversAll(parseTransactions(gtid))) return true;
    if (isRows(event)) this.#addRows(gtid, event);
    // Every transaction begins with its identifier, and those that change definitions have nothing else that is a row.
    else if (["gtid", "mariadbgtid"].includes(event.getEventName())) this.#withoutRows.add(gtid);
    return !this.#truncated;
  }

  answer(complete: boolean): DivergedWritesAnswer {
    return {
      writes: this.#writes,
      truncated: this.#truncated,
      complete,
      transactionsWithoutRows: [...this.#withoutRows],
    };
  }

  #addRows(transaction: string, event: RowsEvent): void {
    const table = event.tableMap[event.tableId];
    this.#withoutRows.delete(transaction);
    // The probe's own rows are nobody's data.
    if (!table || table.parentSchema === probeSchema) return;
    for (const { change, row } of rowsOf(event)) {
      const write: DivergedWrite = {
        transaction,
        at: new Date(event.timestamp).toISOString(),
        table: `${table.parentSchema}.${table.tableName}`,
        change,
        row: jsonRow(row),
      };
      this.#bytes += JSON.stringify(write).length;
      if (this.#writes.length >= this.#maximumRows || this.#bytes > maximumBytes)
        this.#truncated = true;
      if (this.#truncated) return;
      this.#writes.push(write);
    }
  }
}

const isRows = (event: BinlogEvent): event is RowsEvent =>
  ["writerows", "updaterows", "deleterows"].includes(event.getEventName());

function rowsOf(
  event: RowsEvent,
): readonly { readonly change: DivergedWrite["change"]; readonly row: Record<string, unknown> }[] {
  switch (event.getEventName()) {
    case "writerows":
      return (event as WriteRowsEvent).rows.map((row) => ({ change: "insert", row }));
    case "updaterows":
      return (event as UpdateRowsEvent).rows.map(({ after }) => ({ change: "update", row: after }));
    default:
      return (event as DeleteRowsEvent).rows.map((row) => ({ change: "delete", row }));
  }
}
