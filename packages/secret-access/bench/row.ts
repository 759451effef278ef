/** One line of the benchmark's table. */
export interface Row {
  readonly metric: string;
  readonly unit: string;
  /** The least that any implementation needs, measured in the same run. */
  readonly floor?: number | undefined;
  readonly peers: Readonly<Record<string, number | string>>;
  readonly ours: number | string;
  readonly target: string;
  readonly met: boolean;
  /** Why a target is missed on purpose: such a miss does not fail the run. */
  readonly explained?: string;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export function printRows(rows: readonly Row[]): string {
  const show = (value: number | string | undefined): string =>
    typeof value === "number"
      ? Number(value.toPrecision(4)).toLocaleString("en-US")
      : (value ?? "-");
  return rows
    .map((row) =>
      [
        `${row.met ? "met   " : row.explained ? "missed" : "MISSED"}  ${row.metric} (${row.unit})`,
        `        ours ${show(row.ours)}   target ${row.target}   floor ${show(row.floor)}`,
        `        peers ${
          Object.entries(row.peers)
            .map(([name, value]) => `${name} ${show(value)}`)
            .join(", ") || "-"
        }`,
        ...(row.met || !row.explained ? [] : [`        ${row.explained}`]),
      ].join("\n"),
    )
    .join("\n");
}
