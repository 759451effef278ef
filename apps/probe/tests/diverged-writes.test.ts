import { parseTransactions } from "@standby/topology";
import type { BinlogEvent } from "@vlasky/zongji";
import { describe, expect, it } from "vitest";
import { DivergedWrites } from "../src/diverged-writes.ts";
import { shownStatement } from "../src/logged-statement.ts";
import { keyOf } from "../src/primary-keys.ts";

const origin = "11111111-1111-1111-1111-111111111111";
const event = (name: string, sequence: number, more: object = {}): BinlogEvent =>
  ({
    getEventName: () => name,
    gtid: `${origin}:${sequence}`,
    timestamp: Date.parse("2026-11-24T12:00:00Z"),
    ...more,
  }) as unknown as BinlogEvent;
const rows = (name: string, sequence: number, table: string, list: readonly object[]) =>
  event(name, sequence, {
    tableId: 1,
    tableMap: { 1: { parentSchema: "orders", tableName: table } },
    rows: list,
  });

const keys = new Map([["orders.baskets", ["shop", "id"]]]);
const collect = (events: readonly BinlogEvent[], maximumRows = 100) => {
  const found = new DivergedWrites(parseTransactions(`${origin}:1-10`), maximumRows, keys);
  for (const each of events) if (!found.add(each)) break;
  return found.answer(true);
};

describe("a row", () => {
  it("is named by its key before the change, with the row before and after an update", () => {
    const before = { shop: 1, id: 7, note: "a" };
    const after = { shop: 1, id: 8, note: "b" };
    const { writes, tablesWithoutKey } = collect([
      rows("updaterows", 11, "baskets", [{ before, after }]),
    ]);
    expect(writes).toMatchObject([
      { change: "update", key: { shop: 1, id: 7 }, before, row: after },
    ]);
    expect(tablesWithoutKey).toEqual([]);
  });

  it("of a table without a key is listed whole, and the answer says so", () => {
    const row = { note: "a", amount: null };
    const { writes, tablesWithoutKey } = collect([rows("deleterows", 11, "notes", [row, row])]);
    expect(writes).toMatchObject([
      { change: "delete", key: null, row },
      { change: "delete", key: null, row },
    ]);
    expect(tablesWithoutKey).toEqual(["orders.notes"]);
  });

  it("of a known transaction is not listed", () => {
    expect(collect([rows("writerows", 10, "baskets", [{ shop: 1, id: 1 }])]).writes).toEqual([]);
  });

  it("has no key when its log holds only a part of it", () => {
    expect(keyOf(["shop", "id"], { id: 1 })).toBeNull();
  });
});

it("cuts a large transaction at its bound and says so", () => {
  const many = Array.from({ length: 500 }, (_, id) => ({ shop: 1, id }));
  const { writes, truncated } = collect([rows("writerows", 11, "baskets", many)]);
  expect([writes.length, truncated]).toEqual([100, true]);
});

it("cuts by the size of an answer as well", () => {
  const note = "ü".repeat(1_000_000);
  const many = Array.from({ length: 5 }, (_, id) => ({ shop: 1, id, note }));
  const answer = collect([rows("writerows", 11, "baskets", many)]);
  expect(answer).toMatchObject({ truncated: true });
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6_000_000);
});

it("never takes a transaction that cannot be read for one that did nothing", () => {
  const answer = collect([event("gtid", 11), event("transactionpayload", 11)]);
  expect(answer).toMatchObject({
    complete: false,
    unreadableTransactions: [`${origin}:11`],
    transactionsWithoutRows: [],
  });
});

describe("a statement", () => {
  it("is listed with its transaction when it is a change of a definition", () => {
    const query = "ALTER TABLE baskets ADD COLUMN colour VARCHAR(10)";
    const answer = collect([
      event("gtid", 11),
      event("query", 11, { query, schema: "orders" }),
      event("gtid", 12),
      event("query", 12, { query: "BEGIN", schema: "orders" }),
    ]);
    expect(answer.statements).toMatchObject([
      { transaction: `${origin}:11`, schema: "orders", statement: query },
    ]);
    expect(answer.transactionsWithoutRows).toEqual([`${origin}:12`]);
  });

  it.each([
    ["BEGIN", undefined],
    ["CREATE TABLE IF NOT EXISTS standby.canary (mark INT)", undefined],
    ["DROP TABLE `orders`.`baskets`", "DROP TABLE `orders`.`baskets`"],
    ["CREATE TABLE standby_notes (id INT)", "CREATE TABLE standby_notes (id INT)"],
  ])("%j is shown as %j", (query, shown) => {
    expect(shownStatement(query)).toBe(shown);
  });

  it.each([
    "CREATE USER 'ann'@'%' IDENTIFIED WITH 'caching_sha2_password' AS '$A$005$hash'",
    "ALTER USER 'ann'@'%' IDENTIFIED BY 'hunter2'",
    "SET PASSWORD FOR 'ann' = 'hunter2'",
  ])("about an account is named and not shown", (query) => {
    expect(shownStatement(query)).not.toMatch(/hash|hunter2|ann/);
  });

  it("that is very long is cut and says so", () => {
    expect(shownStatement(`DROP TABLE ${"a".repeat(30_000)}`)).toContain("(cut: 30011 characters)");
  });
});
