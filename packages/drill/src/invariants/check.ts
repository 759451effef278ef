import type { Evidence } from "../evidence.ts";

export interface CheckResult {
  readonly id: string;
  readonly ok: boolean;
  /** What was seen, in one sentence, whether it held or not. */
  readonly detail: string;
}

export interface Verdict {
  readonly ok: boolean;
  readonly detail: string;
}

/** Evidence of which the named fields are there. */
export type Known<K extends keyof Evidence> = Evidence & {
  readonly [P in K]-?: Exclude<Evidence[P], undefined>;
};

export const notReached = "the drill did not get this far";

export type Check = (evidence: Evidence) => CheckResult;

/** A check that was not reached did not hold. */
export function defineCheck<K extends keyof Evidence>(
  id: string,
  needs: readonly K[],
  judge: (evidence: Known<K>) => Verdict,
): Check {
  const hasAll = (evidence: Evidence): evidence is Known<K> =>
    needs.every((key) => evidence[key] !== undefined);
  return (evidence) =>
    hasAll(evidence) ? { id, ...judge(evidence) } : { id, ok: false, detail: notReached };
}

/** "3 orders", "1 order" */
export const count = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? "" : "s"}`;

/** The first few of a list, for a sentence. */
export const some = (values: readonly string[]): string =>
  values.length <= 3 ? values.join(", ") : `${values.slice(0, 3).join(", ")}, …`;
