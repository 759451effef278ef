import { setTimeout as delay } from "node:timers/promises";
import type { Outages } from "./outages.ts";

const closingSeconds = 1;

/**
 * What a service goes on doing after it has answered: replication, promotion, propagation. Its waits never keep the process
 * alive, stand still while a Region that they need is lost, and end when the local cloud is closed.
 */
export class Background {
  readonly #outages: Outages;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #wakers = new Set<() => void>();

  constructor(outages: Outages) {
    this.#outages = outages;
    outages.onChange(async () => {
      for (const wake of [...this.#wakers]) wake();
    });
  }

  /** Starts a task that handles its own failures; after `close` nothing starts any more. */
  start(task: () => Promise<void>): void {
    if (this.#closing.signal.aborted) return;
    const running = task()
      .catch((error: unknown) => {
        // A defect of the local cloud: it must be seen, and must not take the database servers' parent process down.
        if (!this.#closing.signal.aborted)
          process.emitWarning(error instanceof Error ? error : String(error));
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Rejects when the local cloud is closed. */
  async sleep(seconds: number): Promise<void> {
    await delay(seconds * 1000, undefined, { signal: this.#closing.signal, ref: false });
  }

  /** Returns when none of the Regions is lost; rejects when the local cloud is closed. */
  async untilReachable(...regions: readonly string[]): Promise<void> {
    while (regions.some((region) => this.#outages.lossOf(region) !== undefined))
      await this.#nextChange();
    this.#closing.signal.throwIfAborted();
  }

  isReachable(region: string): boolean {
    return this.#outages.lossOf(region) === undefined;
  }

  /** Returns when every task has ended; one that waits for a server to answer is given a second. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("The local cloud was closed."));
    for (const wake of [...this.#wakers]) wake();
    await Promise.race([
      Promise.allSettled([...this.#running]),
      delay(closingSeconds * 1000, undefined, { ref: false }),
    ]);
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = () => {
        this.#wakers.delete(wake);
        if (this.#closing.signal.aborted) reject(this.#closing.signal.reason);
        else resolve();
      };
      this.#wakers.add(wake);
      if (this.#closing.signal.aborted) wake();
    });
  }
}
