/** One write as its client saw it. Times are milliseconds since the epoch. */
export interface WriteAttempt {
  readonly kind: "write";
  /** The idempotency key: one key is one intended order, however often it is tried. */
  readonly key: string;
  readonly region: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The order's id when the write was acknowledged; undefined when it was refused or its result is unknown. */
  readonly orderId: string | undefined;
  /** `<identifier> in <region>` of the database that took it; undefined when it had been taken before, or was not acknowledged. */
  readonly database?: string;
  readonly detail: string | undefined;
}

/** One read of an order that some client knows to be acknowledged. */
export interface ReadAttempt {
  readonly kind: "read";
  readonly orderId: string;
  readonly region: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: "found" | "missing" | "failed";
  readonly detail: string | undefined;
}

/** `detail` of a request that its client gave up when it turned to other Regions: nothing had failed. */
export const givenUp = "RequestGivenUp";

export type Attempt = WriteAttempt | ReadAttempt;

export interface Acknowledgement extends WriteAttempt {
  readonly orderId: string;
}

export const isAcknowledgement = (attempt: Attempt): attempt is Acknowledgement =>
  attempt.kind === "write" && attempt.orderId !== undefined;

export const acknowledgements = (attempts: readonly Attempt[]): readonly Acknowledgement[] =>
  attempts.filter(isAcknowledgement);

/**
 * The write that ends the outage for the clients: the earliest answer among those that were begun after the loss and
 * acknowledged through the recovery Region.
 */
export function firstAcknowledgementAfter(
  attempts: readonly Attempt[],
  lossAt: number,
  recoveryRegion: string,
): Acknowledgement | undefined {
  return acknowledgements(attempts)
    .filter((each) => each.region === recoveryRegion && each.startedAt >= lossAt)
    .reduce<Acknowledgement | undefined>(
      (first, each) => (first === undefined || each.endedAt < first.endedAt ? each : first),
      undefined,
    );
}

/** Everything the clients saw, in the order in which their attempts ended. */
export class History {
  readonly #attempts: Attempt[] = [];
  readonly #acknowledgedIds: string[] = [];
  readonly #listeners = new Set<(attempt: Attempt) => void>();

  add(attempt: Attempt): void {
    this.#attempts.push(attempt);
    if (isAcknowledgement(attempt)) this.#acknowledgedIds.push(attempt.orderId);
    for (const listener of [...this.#listeners]) listener(attempt);
  }

  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  get acknowledgedIds(): readonly string[] {
    return this.#acknowledgedIds;
  }

  /** The first attempt, from now on, that fits. Rejects with the signal's reason. */
  next(fits: (attempt: Attempt) => boolean, signal: AbortSignal): Promise<Attempt> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#listeners.delete(listener);
        signal.removeEventListener("abort", onAbort);
      };
      const onAbort = () => {
        stop();
        reject(signal.reason);
      };
      const listener = (attempt: Attempt) => {
        if (!fits(attempt)) return;
        stop();
        resolve(attempt);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", onAbort);
      this.#listeners.add(listener);
    });
  }
}
