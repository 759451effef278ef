import type { Clock } from "./clock.ts";
import { RecoveryError } from "./errors.ts";

export interface Wait {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is waited for, as in "waited 60 s for <this>". */
  readonly what: string;
  readonly deadlineSeconds: number;
  /** Between two looks, once it takes long: the first ones follow each other sooner. */
  readonly intervalSeconds: number;
  /** What to type when it does not come about. */
  readonly next?: readonly string[];
}

/**
 * Looks until the look returns something.
 *
 * @throws RecoveryError after the deadline; the signal's reason when it is aborted; whatever the look throws.
 */
export async function until<Thing>(
  { clock, signal, what, deadlineSeconds, intervalSeconds, next = [] }: Wait,
  look: (signal: AbortSignal) => Promise<Thing | undefined>,
): Promise<Thing> {
  const deadline = clock.now() + deadlineSeconds * 1000;
  let pauseSeconds = Math.min(firstPauseSeconds, intervalSeconds);
  for (;;) {
    signal.throwIfAborted();
    const seen = await look(signal);
    if (seen !== undefined) return seen;
    if (clock.now() >= deadline)
      throw new RecoveryError(`Waited ${deadlineSeconds} s for ${what}, in vain.`, next);
    await clock.sleep(pauseSeconds * 1000, signal);
    pauseSeconds = Math.min(pauseSeconds * growth, intervalSeconds);
  }
}

const firstPauseSeconds = 0.1;
const growth = 1.5;
