import type { FaultRow } from "./fault-table.ts";
import type { Observed } from "./scenario.ts";

type Held = "yes" | "no" | "elsewhere" | "not shown";

export interface MatrixLine {
  readonly row: number;
  readonly injected: string;
  readonly expected: string;
  /** What was seen in this run, the test that sees it elsewhere, or why nothing can be seen. */
  readonly seen: string;
  readonly held: Held;
}

/** A row whose scenario did not come to its end was not seen to hold. */
export const matrixOf = (
  table: readonly FaultRow[],
  seen: readonly Observed[],
): readonly MatrixLine[] =>
  table.map(({ row, injected, expected, proof }) => {
    const line = { row, injected, expected };
    if (proof.by === "test")
      return { ...line, seen: `${proof.file}: ${proof.name}`, held: "elsewhere" };
    if (proof.by === "nothing") return { ...line, seen: proof.reason, held: "not shown" };
    const found = seen.find((each) => each.row === row);
    return found
      ? { ...line, seen: found.seen, held: found.held ? "yes" : "no" }
      : { ...line, seen: "its scenario was not reached", held: "no" };
  });

export function matrixText(lines: readonly MatrixLine[]): string {
  const count = (held: Held) => lines.filter((line) => line.held === held).length;
  return [
    ...lines.map(({ row, injected, expected, seen, held }) =>
      [
        `${String(row).padStart(2)}  ${held.padEnd(9)}  ${injected}`,
        `               expected  ${expected}`,
        `               seen      ${seen}`,
      ].join("\n"),
    ),
    "",
    `${count("yes")} held, ${count("no")} did not, ${count("elsewhere")} are shown by the tests that are named, ${count("not shown")} cannot be shown here`,
    "",
  ].join("\n");
}
