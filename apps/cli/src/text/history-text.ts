import type { History, HistoryEntry } from "@standby/recovery";
import { type Layout, styled } from "./layout.ts";

const dayAndTime = (at: string): string => at.slice(0, 19).replace("T", " ");

/** One line an entry, the steps of a command below it. */
export function historyText({ entries, missing }: History, layout: Layout): string {
  const lines = [
    ...(entries.length === 0 ? ["Nothing was done to this pair yet."] : []),
    ...entries.flatMap((entry) => entryLines(entry, layout)),
    ...missing.map((why) => styled("yellow", `not seen: ${why}`, layout)),
  ];
  return `${lines.join("\n")}\n`;
}

function entryLines(entry: HistoryEntry, layout: Layout): readonly string[] {
  const { at, source, what, who, result, detail, steps } = entry;
  const style = result === "succeeded" ? "green" : result === "failed" ? "red" : "yellow";
  const head = [
    `${dayAndTime(at)}  ${source.padEnd(12)}`,
    what.padEnd(11),
    styled(style, result.padEnd(11), layout),
    who,
    styled("dim", detail, layout),
  ];
  return [
    head.join(" ").trimEnd(),
    ...steps
      .filter(({ step }) => step !== undefined)
      .map(
        ({ at: when, event, step, message }) =>
          `${" ".repeat(21)}${dayAndTime(when).slice(11)}  ${event.replace("step-", "").padEnd(8)} ${step}${message === undefined ? "" : `: ${message}`}`,
      ),
  ];
}
