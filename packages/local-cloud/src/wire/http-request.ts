import type { IncomingMessage } from "node:http";
import { AwsError } from "../service.ts";

/** A whole request, read into memory. */
export interface HttpRequest {
  readonly method: string;
  /** Still percent-encoded: labels of REST paths are decoded one by one. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Lambda's largest upload is a 50 MB archive, which base64 makes a third longer. */
const maximumBodyBytes = 70 * 1024 * 1024;

/** Throws `RequestEntityTooLargeException` beyond the largest body that any AWS service takes here. */
export async function readRequest(message: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBodyBytes)
      throw new AwsError("RequestEntityTooLargeException", "The request body is too large.", 413);
    chunks.push(chunk);
  }
  const url = new URL(message.url ?? "/", "http://127.0.0.1");
  const headers = Object.entries(message.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(",") : (value ?? "")] as const,
  );
  return {
    method: message.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}
