import type { StepEvent } from "./run-steps.ts";

/** The person at the other end, or the flags that stand in for one. */
export interface Conversation {
  /** A line to read now. */
  say(line: string): void;
  tell(event: StepEvent): void;
  /**
   * Wants the Region's name typed. `--yes` answers it; it never stands for accepting a loss.
   *
   * @throws UsageError without a terminal and without `--yes`; RefusedError for another answer.
   */
  confirmRegion(region: string, signal: AbortSignal): Promise<void>;
  /** A question of yes or no; `--yes` says yes. */
  confirm(question: string, signal: AbortSignal): Promise<boolean>;
}
