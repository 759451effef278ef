export type Severity = "error" | "warning" | "notice";

/** Something that a person has to know, and what to type next. The catalogue is `findings.ts`. */
export interface Finding {
  /** Key of the catalogue, and name of the runbook's section. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Commands, ready to be typed. */
  readonly remedy: readonly string[];
  /** `docs/runbook.md#<code>` */
  readonly runbook: string;
}

export type Verdict = "ready" | "exposed" | "moving" | "no-writer" | "split-brain" | "unknown";
