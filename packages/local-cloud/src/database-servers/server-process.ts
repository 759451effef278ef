import { open, readFile } from "node:fs/promises";
import { BoundProcess } from "../child-processes.ts";
import type { DatabaseDialect, ServerLayout, ServerProgram } from "../database-dialect.ts";
import type { ServerSettings } from "./parameters.ts";
import { type Administrator, DatabaseServerError, untilAnswering } from "./session.ts";

const startSeconds = 60;
const stopSeconds = 10;

/** The process of one server. Its Region's loss reaches it at any moment, also while it starts. */
export class ServerProcess {
  readonly #program: ServerProgram;
  readonly #dialect: DatabaseDialect;
  readonly #layout: ServerLayout;
  readonly administrator: Administrator;
  #process: BoundProcess | undefined;
  #loss: "frozen" | "dead" | undefined;

  constructor(program: ServerProgram, dialect: DatabaseDialect, layout: ServerLayout) {
    this.#program = program;
    this.#dialect = dialect;
    this.#layout = layout;
    this.administrator = { socketPath: layout.socketPath, username: dialect.administrator };
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it unless it runs, and returns when it answers. */
  async ensureRunning(settings: ServerSettings, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#process || this.#process.exit) {
      this.#process = await this.#spawn(settings);
      // The loss came while the process was being made: it goes the way of the others.
      if (this.#loss === "frozen") this.#process.freeze();
      if (this.#loss === "dead") await this.#process.kill();
    }
    await this.#untilAnswering(this.#process, signal);
  }

  async stop(): Promise<void> {
    await this.#process?.stop(stopSeconds);
  }

  freeze(): void {
    this.#loss = "frozen";
    this.#process?.freeze();
  }

  async die(): Promise<void> {
    this.#loss = "dead";
    await this.#process?.kill();
  }

  /** It may run again. A dead one has to be started. */
  recover(): void {
    this.#loss = undefined;
    this.#process?.thaw();
  }

  async #spawn(settings: ServerSettings): Promise<BoundProcess> {
    const log = await open(this.#logFile, "a", 0o600);
    try {
      return await BoundProcess.start(
        this.#program.server,
        this.#dialect.serverParameters(this.#layout, settings),
        {
          environment: { PATH: process.env["PATH"] ?? "/usr/bin:/bin" },
          folder: this.#layout.temporaryFolder,
          stdio: ["ignore", log.fd, log.fd],
        },
      );
    } finally {
      await log.close();
    }
  }

  get #logFile(): string {
    return `${this.#layout.temporaryFolder}/server.log`;
  }

  async #untilAnswering(process: BoundProcess, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const late = AbortSignal.timeout(startSeconds * 1000);
    void process.exited.then(() => ended.abort());
    try {
      const end = AbortSignal.any([signal, ended.signal, late]);
      await untilAnswering(this.administrator, end);
    } catch (cause) {
      signal.throwIfAborted();
      const what = late.aborted ? `did not answer within ${startSeconds} s` : "ended at its start";
      const errors = await lastErrors(this.#logFile);
      throw new DatabaseServerError(`${this.#program.version} ${what}. It said: ${errors}`, {
        cause,
      });
    }
  }
}

const lastErrors = async (logFile: string): Promise<string> => {
  const lines = (await readFile(logFile, "utf8").catch(() => "")).trim().split("\n");
  const errors = lines.filter((line) => line.includes("[ERROR]"));
  return (errors.length > 0 ? errors : lines).slice(-3).join(" | ");
};
