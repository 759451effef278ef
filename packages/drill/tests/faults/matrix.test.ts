import { describe, expect, it } from "vitest";
import type { FaultRow } from "../../faults/fault-table.ts";
import { matrixOf, matrixText } from "../../faults/matrix.ts";

const row = (number: number, proof: FaultRow["proof"]): FaultRow => ({
  row: number,
  injected: "a fault",
  expected: "bears it",
  proof,
});
const scenario = { by: "scenario" } as const;

describe("the fault matrix", () => {
  it("takes a row for held only when it was seen to hold", () => {
    const rows = [row(1, scenario), row(2, scenario), row(3, scenario)];
    const seen = [
      { row: 1, held: true, seen: "well" },
      { row: 2, held: false, seen: "badly" },
    ];
    expect(matrixOf(rows, seen).map(({ held }) => held)).toEqual(["yes", "no", "no"]);
  });

  it("says where a row is shown, or why it is not", () => {
    const rows = [
      row(1, { by: "test", file: "a.test.ts", name: "bears it" }),
      row(2, { by: "nothing", reason: "nobody can" }),
    ];
    expect(matrixOf(rows, []).map(({ held, seen }) => `${held}: ${seen}`)).toEqual([
      "elsewhere: a.test.ts: bears it",
      "not shown: nobody can",
    ]);
  });

  it("ends with how many of each there are", () => {
    expect(matrixText(matrixOf([row(1, scenario)], []))).toContain(
      "0 held, 1 did not, 0 are shown by the tests that are named, 0 cannot be shown here",
    );
  });
});
