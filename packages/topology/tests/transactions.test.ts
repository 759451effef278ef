import { describe, expect, it } from "vitest";
import { countTransactions, missingTransactions, parseTransactions } from "../src/index.ts";

const east = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
const west = "4f22fb58-82db-22f2-af44-d91bb0530673";

const missing = (of: string, known: string) =>
  missingTransactions(parseTransactions(of), parseTransactions(known));

describe("sets of transactions", () => {
  it.each([
    ["", "", 0],
    [`${east}:1-5`, "", 5],
    [`${east}:1-5`, `${east}:1-5`, 0],
    [`${east}:1-5`, `${east}:1-3:5`, 1],
    [`${east}:1-9`, `${east}:3-4:6`, 6],
    [`${east}:1-5,\n${west}:1-3`, `${west}:1-10`, 5],
    [`${east}:1-3:4-6`, `${east}:2-5`, 2],
    [`${east}:blue:1-4:red:1-2`, `${east}:blue:1-4`, 2],
    ["0-1-500,0-2-520", "0-1-480,0-2-600", 20],
    ["0-1-10", "", 10],
  ])("%s lacks in %s: %i", (of, known, count) => {
    expect(countTransactions(missing(of, known))).toBe(count);
  });

  it("names the origin and the interval of what is missing", () => {
    expect([...missing(`${east}:1-8`, `${east}:1-5`)]).toEqual([[east, [[6, 8]]]]);
  });

  it.each(["none", `${east}:0-4`, `${east}:5-4`, east, "1-2", `${east}:a-b-c:x-y`])(
    "refuses %s",
    (text) => {
      expect(() => parseTransactions(text)).toThrow(TypeError);
    },
  );
});
