import { randomInt } from "node:crypto";
import { databaseAuthorities, faultAction } from "@standby/secret-access";
import ZongJi, { type BinlogEvent, type RotateEvent } from "@vlasky/zongji";
import type { LogSpan } from "./binary-logs.ts";

export interface StreamTarget {
  readonly address: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** What is done with the events. */
interface EventReader {
  /** False: enough. */
  add(event: BinlogEvent): boolean;
}

/** After an event that cannot be read the stream may go on, or stand still for good. */
const stillMillis = 1_000;

/**
 * Streams a span of binary logs as a replica gets them, over TLS with the server's identity proved. The library tells events apart by the
 * names of its classes: the bundle keeps them.
 *
 * @returns `part` when the stream ended before the span did, or held what cannot be read.
 */
export async function readBinaryLogs(
  target: StreamTarget,
  span: LogSpan,
  reader: EventReader,
  signal: AbortSignal,
): Promise<"whole" | "part"> {
  const stream = new ZongJi(connectionOptions(target));
  const end = Promise.withResolvers<"whole" | "part">();
  const progress = { file: span.firstFile, readable: true };
  let still: NodeJS.Timeout | undefined;
  const finish = () => end.resolve(progress.readable ? "whole" : "part");
  const stop = () => end.resolve("part");

  stream.on("error", (error: Error) => {
    if (faultAction(error) === "reconnect") end.reject(error);
    progress.readable = false;
    clearTimeout(still);
    still = setTimeout(stop, stillMillis);
  });
  stream.on("binlog", (event: BinlogEvent) => {
    still?.refresh();
    if (event.getEventName() === "rotate") progress.file = (event as RotateEvent).binlogName;
    else if (!reader.add(event)) stop();
    else if (progress.file === span.lastFile && event.nextPosition >= span.end) finish();
  });
  signal.addEventListener("abort", stop, { once: true });
  try {
    stream.start({ filename: span.firstFile, position: 4, serverId: ownServerId() });
    return await end.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(still);
    stream.stop();
  }
}

/** A source ends the stream of a replica when another one comes with the same number: ours are far from those of servers. */
const ownServerId = (): number => randomInt(0x8000_0000, 0xffff_ffff);

const connectionOptions = ({ address, port, username, password }: StreamTarget) => ({
  host: address,
  port,
  user: username,
  password,
  timezone: "Z",
  connectTimeout: 3_000,
  ssl: { ca: databaseAuthorities(), verifyIdentity: true },
});
