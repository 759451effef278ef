import { setTimeout as sleep } from "node:timers/promises";

/** A wait that did not end in time. The message says what was waited for. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * Runs `work` under a signal that aborts with the caller's or after `seconds`.
 *
 * @throws DeadlineError when the time is up, and the signal's reason when the caller aborts
 */
export async function withDeadline<T>(
  what: string,
  seconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(new DeadlineError(`${what} did not end within ${seconds} s`)),
    seconds * 1000,
  );
  const both = AbortSignal.any([signal, deadline.signal]);
  try {
    return await work(both);
  } catch (error) {
    // Libraries answer an abort with errors of their own; the reason says which of the two it was.
    throw both.aborted ? both.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after the time or as soon as the signal aborts: the caller's loop looks at the signal. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => undefined);
