import {
  type DivergedStatement,
  type DivergedWrite,
  type DivergedWritesAnswer,
  missingTransactions,
  parseTransactions,
  probeSchema,
  type Transactions,
} from "@standby/topology";
import type {
  BinlogEvent,
  DeleteRowsEvent,
  QueryEvent,
  UpdateRowsEvent,
  WriteRowsEvent,
} from "@vlasky/zongji";
import { shownStatement } from "./logged-statement.ts";
import { keyOf, type PrimaryKeys } from "./primary-keys.ts";
import { jsonRow } from "./row-values.ts";

type RowsEvent = WriteRowsEvent | UpdateRowsEvent | DeleteRowsEvent;

/** Lambda answers at most 6 MB. */
const maximumBytes = 4_500_000;

/** Every transaction begins with its identifier. */
const beginnings = ["gtid", "mariadbgtid"];
const rowEvents = ["writerows", "updaterows", "deleterows"];
/** Transactions that were compressed, and updates of parts of JSON columns: the library skips their bodies. */
const unreadable = ["transactionpayload", "partialupdaterows"];

/** Collects from a binary log's events what transactions that are not known have done. */
export class DivergedWrites {
  readonly #known: Transactions;
  readonly #maximumRows: number;
  readonly #keys: PrimaryKeys;
  readonly #writes: DivergedWrite[] = [];
  readonly #statements: DivergedStatement[] = [];
  readonly #withoutKey = new Set<string>();
  readonly #withoutRows = new Set<string>();
  readonly #unreadable = new Set<string>();
  #bytes = 0;
  #truncated = false;

  constructor(known: Transactions, maximumRows: number, keys: PrimaryKeys = new Map()) {
    this.#known = known;
    this.#maximumRows = maximumRows;
    this.#keys = keys;
  }

  coversAll(transactions: Transactions): boolean {
    return missingTransactions(transactions, this.#known).size === 0;
  }

  /** False: there is no room for more. */
  add(event: BinlogEvent): boolean {
    const { gtid } = event;
    if (gtid === undefined || this.coversAll(parseTransactions(gtid))) return true;
    const name = event.getEventName();
    if (rowEvents.includes(name)) this.#addRows(gtid, event as RowsEvent);
    else if (name === "query") this.#addStatement(gtid, event as QueryEvent);
    else if (unreadable.includes(name)) this.#addUnreadable(gtid);
    else if (beginnings.includes(name)) this.#withoutRows.add(gtid);
    return !this.#truncated;
  }

  answer(complete: boolean): DivergedWritesAnswer {
    return {
      writes: this.#writes,
      statements: this.#statements,
      truncated: this.#truncated,
      complete: complete && this.#unreadable.size === 0,
      tablesWithoutKey: [...this.#withoutKey].sort(),
      unreadableTransactions: [...this.#unreadable],
      transactionsWithoutRows: [...this.#withoutRows],
    };
  }

  #addRows(transaction: string, event: RowsEvent): void {
    const table = event.tableMap[event.tableId];
    this.#withoutRows.delete(transaction);
    // The probe's own rows are nobody's data.
    if (!table || table.parentSchema === probeSchema) return;
    const name = `${table.parentSchema}.${table.tableName}`;
    const at = new Date(event.timestamp).toISOString();
    for (const change of changesOf(event)) {
      const { before = change.row } = change;
      const key = keyOf(this.#keys.get(name), before);
      const write: DivergedWrite = { transaction, at, table: name, key, ...change };
      if (!this.#put(write, this.#writes)) return;
      if (key === null) this.#withoutKey.add(name);
    }
  }

  #addStatement(transaction: string, { query, schema, timestamp }: QueryEvent): void {
    const shown = shownStatement(query);
    if (shown === undefined) return;
    this.#withoutRows.delete(transaction);
    const at = new Date(timestamp).toISOString();
    this.#put({ transaction, at, schema, statement: shown }, this.#statements);
  }

  #addUnreadable(transaction: string): void {
    this.#withoutRows.delete(transaction);
    this.#unreadable.add(transaction);
  }

  /** False: the list is full, or the answer is. */
  #put<Found>(found: Found, list: Found[]): boolean {
    this.#bytes += Buffer.byteLength(JSON.stringify(found));
    if (list.length >= this.#maximumRows || this.#bytes > maximumBytes) this.#truncated = true;
    else list.push(found);
    return !this.#truncated;
  }
}

type Change = Pick<DivergedWrite, "change" | "row" | "before">;

function changesOf(event: RowsEvent): readonly Change[] {
  switch (event.getEventName()) {
    case "writerows":
      return (event as WriteRowsEvent).rows.map((row) => ({ change: "insert", row: jsonRow(row) }));
    case "updaterows":
      return (event as UpdateRowsEvent).rows.map(({ before, after }) => ({
        change: "update",
        before: jsonRow(before),
        row: jsonRow(after),
      }));
    default:
      return (event as DeleteRowsEvent).rows.map((row) => ({
        change: "delete",
        row: jsonRow(row),
      }));
  }
}
