import { defaultWidth, type Layout } from "./text/layout.ts";

/** What a command needs of the process that it runs in. */
export interface Terminal {
  /** Results: with --json one JSON document and nothing else. */
  readonly stdout: NodeJS.WriteStream;
  /** Progress and errors. */
  readonly stderr: NodeJS.WriteStream;
  /** Where a person answers. Default: the process's own. */
  readonly stdin?: NodeJS.ReadStream;
  /** Aborts when the person presses Ctrl-C or the process is told to end. */
  readonly signal: AbortSignal;
}

/** Only on a terminal, and never when the person asked for none (https://no-color.org). */
export const hasColour = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && !process.env["NO_COLOR"];

export const layoutOf = (stream: NodeJS.WriteStream): Layout => ({
  colour: hasColour(stream),
  width: stream.columns ?? defaultWidth,
});

/** Resolves when the text has been handed to the system, so that a pipe's reader gets all of it. */
export const print = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve, reject) =>
    stream.write(text, (error) => (error ? reject(error) : resolve())),
  );

export const printJson = (stream: NodeJS.WriteStream, document: object): Promise<void> =>
  print(stream, `${JSON.stringify(document, null, 2)}\n`);
