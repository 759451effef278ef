import type { InvocationResult } from "../data-planes.ts";
import { AwsError } from "../service.ts";
import { type EnvironmentSettings, ExecutionEnvironment } from "./execution-environment.ts";
import { EnvironmentsLostError } from "./failures.ts";

interface Invocation {
  readonly payload: string;
  readonly promise: Promise<InvocationResult>;
  readonly resolve: (result: InvocationResult) => void;
  readonly reject: (reason: unknown) => void;
}

/** Lambda throttles by the account's concurrency; this bounds what piles up behind the few processes of one machine. */
const longestQueue = 1000;

/** The environments of one version of a function: another one starts when all are busy, up to a limit. */
export class EnvironmentPool {
  readonly #settings: EnvironmentSettings;
  readonly #maximumEnvironments: number;
  readonly #waiting: Invocation[] = [];
  readonly #starting = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #busy = new Map<ExecutionEnvironment, Invocation>();
  #retired = false;

  constructor(settings: EnvironmentSettings, maximumEnvironments: number) {
    this.#settings = settings;
    this.#maximumEnvironments = maximumEnvironments;
  }

  /**
   * An abort ends the wait of the caller, not the run: a function goes on when its caller has gone.
   * @throws {EnvironmentsLostError} when the environments were killed meanwhile
   */
  async invoke(payload: string, signal: AbortSignal): Promise<InvocationResult> {
    signal.throwIfAborted();
    if (this.#waiting.length >= longestQueue) {
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
    }
    const invocation = { payload, ...Promise.withResolvers<InvocationResult>() };
    const abandon = () => {
      const index = this.#waiting.indexOf(invocation);
      if (index >= 0) this.#waiting.splice(index, 1);
      invocation.reject(signal.reason);
    };
    signal.addEventListener("abort", abandon, { once: true });
    this.#waiting.push(invocation);
    this.#dispatch();
    try {
      return await invocation.promise;
    } finally {
      signal.removeEventListener("abort", abandon);
    }
  }

  /** New code took over: what waits or runs here still ends here. */
  async retire(): Promise<void> {
    this.#retired = true;
    await Promise.all(this.#idle.splice(0).map((environment) => environment.kill()));
  }

  /** Nothing that waits or runs is answered. Returns when every process is gone. */
  async kill(): Promise<void> {
    const lost = new EnvironmentsLostError("The function's environments are gone.");
    const environments = [...this.#starting, ...this.#idle.splice(0), ...this.#busy.keys()];
    for (const invocation of [...this.#waiting.splice(0), ...this.#busy.values()]) {
      invocation.reject(lost);
    }
    this.#starting.clear();
    this.#busy.clear();
    await Promise.all(environments.map((environment) => environment.kill()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const environment = this.#idle.pop();
      if (!environment) break;
      // One that died while it was frozen serves nobody; a new one takes its place.
      const invocation = environment.usable ? this.#waiting.shift() : undefined;
      if (invocation) void this.#run(environment, invocation);
    }
    const room = this.#maximumEnvironments - this.#starting.size - this.#busy.size;
    const wanted = Math.min(this.#waiting.length - this.#starting.size, room);
    for (let count = 0; count < wanted; count++) void this.#start();
  }

  async #start(): Promise<void> {
    const environment = new ExecutionEnvironment(this.#settings);
    this.#starting.add(environment);
    const failure = await environment.initialised;
    if (!this.#starting.delete(environment)) return;
    if (failure) this.#waiting.shift()?.resolve(failure);
    await this.#release(environment);
  }

  async #run(environment: ExecutionEnvironment, invocation: Invocation): Promise<void> {
    this.#busy.set(environment, invocation);
    const result = await environment.invoke(invocation.payload);
    // Killed meanwhile: the invocation was told so, and the environment belongs to nobody.
    if (!this.#busy.delete(environment)) return;
    invocation.resolve(result);
    await this.#release(environment);
  }

  async #release(environment: ExecutionEnvironment): Promise<void> {
    const needed = !this.#retired || this.#waiting.length > 0;
    if (environment.usable && needed) this.#idle.push(environment);
    this.#dispatch();
    if (environment.usable && !needed) await environment.kill();
  }
}
