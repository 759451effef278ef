import type { Readable } from "node:stream";

/** Lambda hands out this much of what an invocation printed. */
const longestTailBytes = 4096;

export class LogTail {
  #tail = Buffer.alloc(0);

  follow(stream: Readable | null): void {
    stream?.on("data", (piece: Buffer) => {
      const whole = Buffer.concat([this.#tail, piece]);
      this.#tail = whole.subarray(Math.max(0, whole.length - longestTailBytes));
    });
  }

  /** What was printed since the last call. */
  take(): string {
    const text = this.#tail.toString("utf8");
    this.#tail = Buffer.alloc(0);
    return text;
  }
}
