import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A program that the local cloud needs is not on this machine. The message says how to get it. */
export class MissingProgramError extends Error {
  override readonly name = "MissingProgramError";
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The program could not be started at all. */
  readonly error?: Error;
}

export interface ChildProcessOptions {
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly stdio: StdioOptions;
}

const outputGraceMilliseconds = 200;

/** In each of the PATH's folders, then of the further ones, that holds the program. */
export const findPrograms = async (
  program: string,
  furtherFolders: readonly string[] = [],
): Promise<readonly string[]> => {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...furtherFolders];
  const found: string[] = [];
  for (const folder of new Set(folders.filter((each) => each !== ""))) {
    const path = join(folder, program);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) found.push(path);
  }
  return found;
};

/** The first of `findPrograms`. */
export const findProgram = async (
  program: string,
  furtherFolders: readonly string[] = [],
): Promise<string | undefined> => (await findPrograms(program, furtherFolders))[0];

/**
 * Runs what follows it such that the kernel kills it when this process dies, whatever this process dies of. The shell step
 * ends a child whose parent died before the kernel knew of the wish; `exec` keeps the process id.
 */
const boundToThisProcess = async (): Promise<readonly string[]> => {
  const setpriv = await findProgram("setpriv", ["/usr/bin"]);
  if (setpriv === undefined) {
    throw new MissingProgramError(
      "setpriv is missing: without it a killed local cloud would leave its servers behind. Install util-linux 2.33 or later (Debian: apt-get install util-linux).",
    );
  }
  return [
    setpriv,
    "--pdeathsig",
    "KILL",
    "/bin/sh",
    "-c",
    'test "$PPID" = "$0" && exec "$@"',
    String(process.pid),
  ];
};

/** A process that never outlives the one that started it. Signals to a process that is gone do nothing. */
export class BoundProcess {
  readonly child: ChildProcess;
  /** Resolves when the process is gone and its output was read, or a moment later; never rejects. */
  readonly exited: Promise<ProcessExit>;
  #exit: ProcessExit | undefined;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.exited = new Promise((resolve) => {
      const settle = (exit: ProcessExit) => {
        this.#exit ??= exit;
        resolve(this.#exit);
      };
      child.on("error", (error) => {
        if (child.pid === undefined) settle({ code: null, signal: null, error });
      });
      child.once("exit", (code, signal) => {
        this.#exit ??= { code, signal };
        // A child of its own may hold the output open for as long as it likes.
        setTimeout(() => settle({ code, signal }), outputGraceMilliseconds).unref();
      });
      child.once("close", (code, signal) => settle({ code, signal }));
    });
  }

  /** @throws {MissingProgramError} without util-linux's `setpriv`. */
  static async start(
    command: string,
    parameters: readonly string[],
    options: ChildProcessOptions,
  ): Promise<BoundProcess> {
    const [program = "", ...leading] = await boundToThisProcess();
    return new BoundProcess(
      spawn(program, [...leading, command, ...parameters], {
        cwd: options.folder,
        env: options.environment,
        stdio: options.stdio,
      }),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get exit(): ProcessExit | undefined {
    return this.#exit;
  }

  /** The kernel goes on accepting connections for it, nobody answers them. */
  freeze(): void {
    this.#send("SIGSTOP");
  }

  thaw(): void {
    this.#send("SIGCONT");
  }

  async kill(): Promise<void> {
    this.#send("SIGKILL");
    await this.exited;
  }

  /** Asks it to end and kills it when it has not within the given time; wakes a frozen one first. */
  async stop(graceSeconds: number): Promise<void> {
    this.#send("SIGTERM");
    this.#send("SIGCONT");
    const timer = setTimeout(() => this.#send("SIGKILL"), graceSeconds * 1000);
    await this.exited;
    clearTimeout(timer);
  }

  #send(signal: NodeJS.Signals): void {
    if (this.#exit === undefined) this.child.kill(signal);
  }
}
