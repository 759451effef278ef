import type { Decision } from "../src/decide.ts";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

/** The key that a decision is refused for; undefined for one that is not. */
export const refusalText = (decision: Decision<unknown>): string | undefined =>
  "refusals" in decision
    ? `refused (\`${decision.refusals[0].key.replace("standby:", "")}\`)`
    : undefined;
