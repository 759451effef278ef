import { randomUUID } from "node:crypto";
import { pause, withDeadline } from "./deadline.ts";
import { givenUp, type History } from "./history.ts";
import type { OrdersClient } from "./orders-client.ts";

export interface WorkloadOptions {
  /** Writes go through the first, reads through all. */
  readonly clients: readonly [OrdersClient, ...OrdersClient[]];
  readonly history: History;
  /** Default 2. Bounded, so that a small machine measures the failover and not the load. */
  readonly writers?: number;
  /** Default 2. */
  readonly readers?: number;
  /** Between one client's requests. Default 8. */
  readonly paceMilliseconds?: number;
  /** Between a failed request and the next. Default 100. */
  readonly retryMilliseconds?: number;
  /** After this a client gives a request up; whether it was applied stays unknown. Default 3. */
  readonly requestSeconds?: number;
}

const defaults = {
  writers: 2,
  readers: 2,
  paceMilliseconds: 8,
  retryMilliseconds: 100,
  requestSeconds: 3,
};

/**
 * Clients that write orders with unique keys through one Region and read acknowledged orders through all. What is not acknowledged is
 * tried again with the key it had before, through whatever Region the clients `use` by then.
 */
export class Workload {
  readonly #options: WorkloadOptions & typeof defaults;
  readonly #ending = new AbortController();
  #abandoned = new AbortController();
  #regions: WorkloadOptions["clients"];
  #clients: Promise<void>[] = [];

  constructor(options: WorkloadOptions) {
    this.#options = { ...defaults, ...options };
    this.#regions = options.clients;
  }

  start(): void {
    const { writers, readers } = this.#options;
    this.#clients = [
      ...Array.from({ length: writers }, () => this.#write()),
      ...Array.from({ length: readers }, () => this.#read()),
    ];
  }

  /** Requests that are under way are given up: clients learn of the change, not of each hanging call's end. */
  use(clients: WorkloadOptions["clients"]): void {
    this.#regions = clients;
    const abandoned = this.#abandoned;
    this.#abandoned = new AbortController();
    abandoned.abort(new RequestGivenUp());
  }

  /** Lets the requests that are under way end, so that the history has no open ends. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#clients);
  }

  /** Ends at once. */
  async abort(): Promise<void> {
    this.#ending.abort();
    this.#abandoned.abort();
    await Promise.all(this.#clients);
  }

  async #write(): Promise<void> {
    const { paceMilliseconds, retryMilliseconds } = this.#options;
    const ending = this.#ending.signal;
    while (!ending.aborted) {
      const key = randomUUID();
      let acknowledged = await this.#tryToWrite(key);
      while (!acknowledged && !ending.aborted) {
        await pause(retryMilliseconds, ending);
        if (!ending.aborted) acknowledged = await this.#tryToWrite(key);
      }
      await pause(paceMilliseconds, ending);
    }
  }

  async #tryToWrite(key: string): Promise<boolean> {
    const [client] = this.#regions;
    const startedAt = Date.now();
    const attempt = { kind: "write", key, region: client.region, startedAt } as const;
    try {
      const { id, ...place } = await this.#request((signal) => client.create(key, signal));
      const endedAt = Date.now();
      this.#options.history.add({ ...attempt, ...place, endedAt, orderId: id, detail: undefined });
      return true;
    } catch (error) {
      const detail = nameOf(error);
      this.#options.history.add({ ...attempt, endedAt: Date.now(), orderId: undefined, detail });
      return false;
    }
  }

  async #read(): Promise<void> {
    const { history, paceMilliseconds, retryMilliseconds } = this.#options;
    const ending = this.#ending.signal;
    for (let turn = 0; !ending.aborted; turn += 1) {
      const known = history.acknowledgedIds;
      const orderId = known[Math.floor(Math.random() * known.length)];
      const client = this.#regions[turn % this.#regions.length];
      const wentWell = orderId && client ? await this.#tryToRead(client, orderId) : true;
      await pause(wentWell ? paceMilliseconds : retryMilliseconds, ending);
    }
  }

  async #tryToRead(client: OrdersClient, orderId: string): Promise<boolean> {
    const attempt = {
      kind: "read",
      orderId,
      region: client.region,
      startedAt: Date.now(),
    } as const;
    const { history } = this.#options;
    try {
      const found = await this.#request((signal) => client.exists(orderId, signal));
      const outcome = found ? "found" : "missing";
      history.add({ ...attempt, endedAt: Date.now(), outcome, detail: undefined });
      return true;
    } catch (error) {
      const detail = nameOf(error);
      history.add({ ...attempt, endedAt: Date.now(), outcome: "failed", detail });
      return false;
    }
  }

  #request<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    // Clients of their own do not keep step: without this all would try again at the same moment.
    const seconds = this.#options.requestSeconds * (0.75 + Math.random() / 4);
    return withDeadline("the request", seconds, this.#abandoned.signal, send);
  }
}

class RequestGivenUp extends Error {
  override readonly name = givenUp;
}

/** The short form that a history keeps: the class, and our own messages, which hold no value of the application. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return error.name === "OrdersApiError" ? error.message : error.name;
}
