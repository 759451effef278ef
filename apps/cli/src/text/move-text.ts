import type { MoveReport, PlannedStep, StepEvent } from "@standby/recovery";

/** One line of progress. */
export function eventLine(event: StepEvent): string {
  switch (event.kind) {
    case "begun":
      return `...   ${event.title}`;
    case "line":
      return `      ${event.line}`;
    case "skipped":
      return `ok    ${event.title}  already`;
    case "done":
      return `ok    ${event.title}  ${event.seconds.toFixed(1)} s`;
    case "failed":
      return `FAIL  ${event.title}  ${event.seconds.toFixed(1)} s`;
  }
}

export const planText = (steps: readonly PlannedStep[]): string =>
  steps
    .map(({ title, byHand }, index) =>
      [`${index + 1}. ${title}`, ...byHand.map((line) => `     ${line}`), ""].join("\n"),
    )
    .join("");

const past = {
  failover: "failed over",
  rebuild: "rebuilt",
  switchover: "switched over",
  "set-host": "host set",
} as const;

export const moveText = ({ kind, service, activeRegion, seconds, facts, next }: MoveReport) =>
  [
    "",
    `${service}   ${past[kind]}: ${activeRegion} takes writes   ${seconds.toFixed(1)} s`,
    ...(typeof facts["writePauseSeconds"] === "number"
      ? [`write pause  ${facts["writePauseSeconds"].toFixed(1)} s at most`]
      : []),
    ...next.map((line, index) => `${index === 0 ? "next  " : "      "}${line}`),
    "",
  ].join("\n");
