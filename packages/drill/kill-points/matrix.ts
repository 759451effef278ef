import type { CheckResult } from "../src/invariants/check.ts";
import type { Execution } from "./execution.ts";
import type { Moment } from "./kill-point.ts";

interface MatrixLine {
  readonly command: string;
  readonly step: string;
  readonly moment: Moment;
  /** Exit code of the run after the kill; `killed as well` when it met the next point of the same step. */
  readonly again: string;
  readonly end: string;
  /** `nothing to do`: the step was done already, and nothing could be killed in it. */
  readonly held: "yes" | "no" | "nothing to do";
  readonly complaints: readonly string[];
}

export const matrixOf = (executions: readonly Execution[]): readonly MatrixLine[] =>
  executions.flatMap(({ move, outcomes, end, complaints }) =>
    outcomes.map(({ point, met, again }) => ({
      command: move,
      step: point.step,
      moment: point.moment,
      again,
      end,
      held: complaints.length > 0 ? "no" : met ? "yes" : "nothing to do",
      complaints,
    })),
  );

const row = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join("  ")
    .trimEnd();

export function matrixText(lines: readonly MatrixLine[], history: readonly CheckResult[]): string {
  const head = ["command", "step", "moment", "again", "held", "end"];
  const cells = lines.map((line) => [
    line.command,
    line.step,
    line.moment,
    line.again,
    line.held,
    [line.end, ...line.complaints].join("; "),
  ]);
  const widths = head.map((name, column) =>
    Math.max(name.length, ...cells.map((each) => each[column]?.length ?? 0)),
  );
  const count = (held: MatrixLine["held"]) => lines.filter((line) => line.held === held).length;
  return [
    row(head, widths),
    ...cells.map((each) => row(each, widths)),
    "",
    ...history.map(({ id, ok, detail }) => `${ok ? "held" : "NOT HELD"}  ${id}: ${detail}`),
    "",
    `${count("yes")} kills held, ${count("no")} did not, ${count("nothing to do")} met a step with nothing to do`,
    "",
  ].join("\n");
}
