import type { Clock } from "../src/clock.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Stands still until `advance`; with `rushing`, each sleep passes at once and moves the time. */
export class ManualClock implements Clock {
  rushing = false;
  #now = Date.parse("2026-11-24T03:12:44.000Z");
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.rushing) {
      this.#now += milliseconds;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { at: this.#now + milliseconds, wake: resolve };
    this.#sleepers.add(sleeper);
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    await promise.finally(() => {
      this.#sleepers.delete(sleeper);
      signal.removeEventListener("abort", abort);
    });
  }

  /** Returns when what was woken has come to its next wait. */
  async advance(seconds: number): Promise<void> {
    const end = this.#now + seconds * 1000;
    await new Promise(setImmediate);
    for (;;) {
      const next = [...this.#sleepers]
        .filter(({ at }) => at <= end)
        .sort((one, other) => one.at - other.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await new Promise(setImmediate);
    }
    this.#now = end;
    await new Promise(setImmediate);
  }
}
