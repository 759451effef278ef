import type { CheckLine, PreflightReport } from "@standby/recovery";
import { findingsLines } from "./findings-text.ts";
import { type Layout, styled, wrapped } from "./layout.ts";

const marks = { pass: "ok", fail: "FAIL", skipped: "skip" } as const;
const styles = { pass: "green", fail: "red", skipped: "yellow" } as const;
const verdicts = {
  go: "GO   a failover would work",
  "go-with-findings": "GO, WITH FINDINGS   a failover would work",
  refused: "REFUSED   as things are, a failover would be refused",
} as const;
const verdictStyles = { go: "green", "go-with-findings": "yellow", refused: "red" } as const;

/** The verdict and the loss first, then every check, then what to do. */
export function preflightText(report: PreflightReport, layout: Layout): string {
  const { service, verdict, recoveryRegion, checks, expectedLoss, findings, breakGlass } = report;
  const lines = [
    `${service} to ${recoveryRegion}   ${styled([verdictStyles[verdict], "bold"], verdicts[verdict], layout)}`,
    `Data loss: ${expectedLoss.summary}.`,
    ...checks.flatMap((check) => checkLines(check, layout)),
    ...findingsLines(findings, layout),
    `Break-glass page: ${[breakGlass.file, breakGlass.object].filter(Boolean).join(", ")}`,
  ];
  return `${lines.join("\n")}\n`;
}

function checkLines({ title, result, detail }: CheckLine, layout: Layout): readonly string[] {
  const head = `${styled(styles[result], marks[result].padEnd(4), layout)}  ${title}`;
  // What is wrong is told below, with its remedy.
  if (result === "fail") return [head];
  const room = layout.width - title.length - 9;
  return detail.length <= room
    ? [`${head}  ${styled("dim", detail, layout)}`]
    : [
        head,
        ...wrapped(detail, layout.width - 6).map((line) => `      ${styled("dim", line, layout)}`),
      ];
}
