import type { LiveCheck, LiveDrillReport, TimeEstimate } from "@standby/recovery";
import { findingsLines } from "./findings-text.ts";
import { type Layout, styled } from "./layout.ts";

/** In the shape of the drill's report: verdict, figures and whose they are, then each check. */
export function liveDrillText(report: LiveDrillReport, layout: Layout): string {
  const { ok, summary, expectedLoss, estimate, checks, findings } = report;
  const verdict = ok
    ? styled(["green", "bold"], "DRILL PASSED", layout)
    : styled(["red", "bold"], "DRILL FAILED", layout);
  const width = Math.max(...checks.map(({ id }) => id.length));
  const lines = [
    `${verdict}  ${summary}`,
    "",
    ...timeLines(estimate),
    `data loss        ${expectedLoss.summary}`,
    "changed          nothing: the deployed pair was only read",
    "",
    ...checks.map((check) => checkLine(check, width, layout)),
    ...(findings.length > 0 ? ["", ...findingsLines(findings, layout)] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function timeLines(estimate: TimeEstimate): readonly string[] {
  const { oursSeconds, totalSeconds, promotionSeconds, propagationSeconds } = estimate;
  const { timeToLiveSeconds, sources } = estimate;
  return [
    `recovery time    ${totalSeconds === null ? "not known: no preview ended" : `${span(totalSeconds)}, estimated`}`,
    `  ours           ${oursSeconds === null ? "not measured" : `${oursSeconds.toFixed(1)} s, measured now`}`,
    `  AWS            promotion ${span(promotionSeconds)} + propagation ${span(propagationSeconds)} + TTL ${span(timeToLiveSeconds)}`,
    ...sources.map((source) => `                 ${source}`),
  ];
}

const skipped = /^skipped: /;

function checkLine({ id, ok, detail }: LiveCheck, width: number, layout: Layout): string {
  const mark = !ok
    ? styled("red", "FAIL", layout)
    : skipped.test(detail)
      ? styled("yellow", "skip", layout)
      : styled("green", "ok  ", layout);
  return `${mark}  ${id.padEnd(width)}  ${detail.replace(skipped, "")}`;
}

const span = ([least, most]: readonly [number, number]): string =>
  `${Math.round(least)} to ${Math.round(most)} s`;
