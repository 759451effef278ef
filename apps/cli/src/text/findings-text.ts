import type { Finding } from "@standby/recovery";
import { type Layout, styled, wrapped } from "./layout.ts";

const marks = { error: "!", warning: "*", notice: "-" } as const;
const styles = { error: "red", warning: "yellow", notice: "dim" } as const;
const codeColumns = 24;

/** A finding: what it is called, what it means here, what to type. */
export function findingLines(finding: Finding, layout: Layout): readonly string[] {
  const { code, severity, message, remedy } = finding;
  const head = `${marks[severity]} ${code}`.padEnd(codeColumns);
  const [first = "", ...rest] = wrapped(message, Math.max(40, layout.width - codeColumns - 1));
  const indent = " ".repeat(codeColumns + 1);
  return [
    `${styled(styles[severity], head, layout)} ${first}`,
    ...rest.map((line) => indent + line),
    ...remedy.map((command) => `${indent}${styled("dim", "->", layout)} ${command}`),
  ];
}

/** All of them, and where each is explained. */
export const findingsLines = (findings: readonly Finding[], layout: Layout): readonly string[] =>
  findings.length === 0
    ? []
    : [
        ...findings.flatMap((finding) => findingLines(finding, layout)),
        styled("dim", "Each is explained in docs/runbook.md under its name.", layout),
      ];
