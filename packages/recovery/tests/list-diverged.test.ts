import type { DivergedWritesAnswer } from "@standby/topology";
import { expect, it } from "vitest";
import { divergedLines } from "../src/steps/list-diverged.ts";

const whole: DivergedWritesAnswer = { writes: [], truncated: false, complete: true };
const linesOf = (more: Partial<DivergedWritesAnswer>) =>
  divergedLines("orders-prod-1", "list.json", { ...whole, ...more });

it("says nothing but the count of a list that is whole", () => {
  expect(linesOf({})).toEqual(["0 writes that only orders-prod-1 has are in list.json."]);
});

it.each<[string, Partial<DivergedWritesAnswer>]>([
  ["CUT: there are more", { truncated: true, complete: false }],
  ["NOT LISTED: 1 transactions", { unreadableTransactions: ["u:1"], complete: false }],
  ["INCOMPLETE: ", { complete: false }],
  [
    "Without a primary key, each row listed whole: orders.notes",
    { tablesWithoutKey: ["orders.notes"] },
  ],
])("says %j of one that is not, or not like the others", (text, more) => {
  expect(linesOf(more)[1]).toContain(text);
});
