import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { BoundProcess, type ProcessExit } from "../child-processes.ts";
import type { InvocationResult } from "../data-planes.ts";
import { exited, failedResult, timedOut } from "./failures.ts";
import { LogTail } from "./log-tail.ts";
import type { FromHost, ToHost } from "./messages.ts";

export interface EnvironmentSettings {
  readonly functionArn: string;
  /** Folder of the unpacked bundle. */
  readonly taskFolder: string;
  /** For all that the process prints. */
  readonly logFile: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  /** All that the process sees. */
  readonly variables: Readonly<Record<string, string>>;
  readonly dnsServer: { readonly address: string; readonly port: number };
}

type Outcome =
  | FromHost
  | { readonly kind: "exited"; readonly exit: ProcessExit }
  | { readonly kind: "late" };

const hostFile = fileURLToPath(new URL("../function-host.ts", import.meta.url));
/** Lambda's limit for the part before the first invocation. */
const initialisationSeconds = 10;

/**
 * One child process that serves one invocation at a time and is frozen in between, as Lambda's are: timers stand still,
 * sockets go stale.
 */
export class ExecutionEnvironment {
  readonly #settings: EnvironmentSettings;
  readonly #process: Promise<BoundProcess>;
  readonly #log: LogTail;
  #receive: (outcome: Outcome) => void = () => {};
  #usable = true;
  /** Undefined: ready for invocations. Otherwise what the invocation that asked for this environment is answered. */
  readonly initialised: Promise<InvocationResult | undefined>;

  constructor(settings: EnvironmentSettings) {
    this.#settings = settings;
    this.#log = new LogTail(settings.logFile);
    this.#process = this.#start();
    this.initialised = this.#initialise();
  }

  /** False once it can serve no further invocation. */
  get usable(): boolean {
    return this.#usable;
  }

  async invoke(payload: string): Promise<InvocationResult> {
    const { functionArn, timeoutSeconds } = this.#settings;
    const requestId = randomUUID();
    const deadline = Date.now() + timeoutSeconds * 1000;
    const outcome = await this.#ask(
      { kind: "invoke", requestId, functionArn, event: payload, deadline },
      timeoutSeconds,
    );
    const result = this.#resultOf(outcome, requestId, timeoutSeconds);
    await this.#settle();
    return result();
  }

  /** Takes effect at once also while it starts; returns when the process is gone. */
  async kill(): Promise<void> {
    this.#usable = false;
    const process = await this.#process.catch(() => undefined);
    await process?.kill();
  }

  async #start(): Promise<BoundProcess> {
    const { taskFolder, variables } = this.#settings;
    const process = await BoundProcess.start(globalThis.process.execPath, [hostFile], {
      environment: variables,
      folder: taskFolder,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#log.follow(process.child);
    process.child.on("message", (message) => this.#receive(message as FromHost));
    void process.exited.then((exit) => {
      this.#usable = false;
      this.#receive({ kind: "exited", exit });
    });
    return process;
  }

  async #initialise(): Promise<InvocationResult | undefined> {
    const { taskFolder, handler, dnsServer } = this.#settings;
    const requestId = randomUUID();
    const outcome = await this.#ask(
      { kind: "start", taskFolder, handler, dnsServer },
      initialisationSeconds,
    ).catch(
      (error: Error): Outcome => ({ kind: "exited", exit: { code: null, signal: null, error } }),
    );
    if (outcome.kind === "ready") {
      await this.#settle();
      return undefined;
    }
    const result = this.#resultOf(outcome, requestId, initialisationSeconds);
    await this.kill();
    return result();
  }

  /** Wakes the process, sends, and waits for the answer, the end of the process or the deadline. */
  async #ask(message: ToHost, seconds: number): Promise<Outcome> {
    const process = await this.#process;
    if (process.exit) return { kind: "exited", exit: process.exit };
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#receive = resolve;
    const timer = setTimeout(() => resolve({ kind: "late" }), seconds * 1000);
    process.thaw();
    // A channel that is closed already is reported by the end of the process.
    process.child.send(message, () => {});
    const outcome = await promise;
    clearTimeout(timer);
    this.#receive = () => {};
    return outcome;
  }

  #resultOf(outcome: Outcome, requestId: string, seconds: number): () => InvocationResult {
    const log = () => this.#log.take();
    switch (outcome.kind) {
      case "answered":
        return () => ({ payload: Buffer.from(outcome.payload), logTail: log() });
      case "failed":
        this.#usable &&= !outcome.fatal;
        return () => failedResult(outcome.error, log());
      case "late":
        this.#usable = false;
        return () => failedResult(timedOut(requestId, seconds), log());
      case "exited":
        return () => failedResult(exited(requestId, outcome.exit), log());
      case "ready":
        throw new Error("A function's process said that it is ready where an answer was due.");
    }
  }

  /** After an answer: what was printed before it is read, then the process freezes, or goes when it is of no more use. */
  async #settle(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    if (!this.#usable) return this.kill();
    (await this.#process).freeze();
  }
}
