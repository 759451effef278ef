import type { DnsSwitch } from "@standby/topology";
import { faultRows } from "./fault-rows.ts";
import { switchedRows } from "./switched-rows.ts";

/** How a row of the table is shown to hold. */
export type Proof =
  /** By a scenario of `courses.ts`. */
  | { readonly by: "scenario" }
  /** By a test that shows it already: its file, from the root, and its name, or the part of it that is no placeholder. */
  | { readonly by: "test"; readonly file: string; readonly name: string }
  | { readonly by: "nothing"; readonly reason: string };

export interface FaultRow {
  readonly row: number;
  readonly injected: string;
  readonly expected: string;
  readonly proof: Proof;
}

const recordTable: readonly FaultRow[] = faultRows.map(([injected, expected, proof], index) => ({
  row: index + 1,
  injected,
  expected,
  proof,
}));

/** The fault table: every row, in its order, by how the name moves. */
export const faultTableOf = (dnsSwitch: DnsSwitch): readonly FaultRow[] =>
  dnsSwitch === "record"
    ? recordTable
    : recordTable.map((line) => ({ ...line, ...switchedRows[line.row] }));
