import type { FaultPair } from "./fault-pair.ts";

/** What became of one row of the fault table. */
export interface Observed {
  readonly row: number;
  readonly held: boolean;
  /** What was seen, in a sentence without a secret. */
  readonly seen: string;
}

/** Injects faults from outside the process that has to bear them, looks, and takes them back. */
export interface Scenario {
  /** The rows that it shows: one loss shows several. */
  readonly rows: readonly number[];
  /** The pair is another one afterwards. Every other scenario leaves it as it was, which is looked at. */
  readonly isOneWay?: true;
  run(pair: FaultPair): Promise<readonly Observed[]>;
}

/** Scenarios that share one deployed pair, in this order. */
export interface Course {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

export const observed = (row: number, held: boolean, ...seen: readonly string[]): Observed => ({
  row,
  held,
  seen: seen.join("; "),
});
