/**
 * One step of a command that moves something. A command is a list of them that reads as the runbook does; each observes reality
 * before it acts, so that a run that was killed anywhere is resumed by the same command.
 */
export interface Step<Context> {
  /** Stable, kebab-case: the journal and the kill tests name it. */
  readonly id: string;
  /** What a person reads while it runs. */
  readonly title: string;
  /** The same by hand: lines for a shell, with real identifiers and no secret. */
  byHand(context: Context): readonly string[];
  /** Asks what is live. A step that is done is not run. */
  isDone(context: Context, signal: AbortSignal): Promise<boolean>;
  /** Resolves when the result has been seen, not when it was asked for. Throws a `RecoveryError`. */
  run(context: Context, report: (line: string) => void, signal: AbortSignal): Promise<void>;
}
