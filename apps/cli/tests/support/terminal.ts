import { PassThrough } from "node:stream";
import type { Terminal } from "../../src/terminal.ts";

const stream = (isTTY: boolean) => {
  const chunks: string[] = [];
  const through = new PassThrough();
  through.on("data", (chunk) => chunks.push(String(chunk)));
  const asStream = Object.assign(through, { isTTY }) as unknown as NodeJS.WriteStream;
  return { stream: asStream, text: () => chunks.join("") };
};

/** A terminal that keeps what is printed on it. */
export function fakeTerminal(options: { readonly abort?: boolean; readonly isTTY?: boolean } = {}) {
  const [stdout, stderr] = [stream(options.isTTY ?? false), stream(false)];
  const controller = new AbortController();
  if (options.abort) controller.abort(new Error("interrupted by SIGINT"));
  const terminal: Terminal = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: controller.signal,
  };
  return { terminal, stdout: stdout.text, stderr: stderr.text };
}
