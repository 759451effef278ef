import type { ChildProcess } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";

/** Lambda hands out this much of what an invocation printed. */
const longestTailBytes = 4096;

/** What a function's process prints: all of it in a file, and its end for whoever invoked it. */
export class LogTail {
  readonly #file: string;
  #tail = Buffer.alloc(0);

  constructor(file: string) {
    this.#file = file;
  }

  follow(process: ChildProcess): void {
    const file = openSync(this.#file, "a", 0o600);
    for (const stream of [process.stdout, process.stderr])
      stream?.on("data", (piece: Buffer) => {
        writeSync(file, piece);
        const whole = Buffer.concat([this.#tail, piece]);
        this.#tail = whole.subarray(Math.max(0, whole.length - longestTailBytes));
      });
    // Comes when the process has ended and both streams are empty.
    process.once("close", () => closeSync(file));
  }

  /** What was printed since the last call. */
  take(): string {
    const text = this.#tail.toString("utf8");
    this.#tail = Buffer.alloc(0);
    return text;
  }
}
