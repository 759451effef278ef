import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

/** The part of an event of payload format 2.0 (Function URL, HTTP API) that the routes use. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded segments: `/orders/a%2Fb` is `["orders", "a/b"]`. Undefined when the path cannot be decoded. */
  readonly segments: readonly string[] | undefined;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export function readEvent(event: APIGatewayProxyEventV2): HttpRequest {
  const headers = Object.fromEntries(
    Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const text = event.body ?? "";
  return {
    method: event.requestContext.http.method.toUpperCase(),
    segments: decodeSegments(event.rawPath),
    query: event.queryStringParameters ?? {},
    headers,
    body: event.isBase64Encoded ? Buffer.from(text, "base64").toString("utf8") : text,
  };
}

function decodeSegments(path: string): readonly string[] | undefined {
  try {
    return path
      .split("/")
      .filter((segment) => segment !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

export const writeReply = (reply: HttpReply): APIGatewayProxyStructuredResultV2 => ({
  statusCode: reply.status,
  headers: { "content-type": "application/json", ...reply.headers },
  body: JSON.stringify(reply.body),
});

export const refusal = (status: number, error: string, message: string): HttpReply => ({
  status,
  body: { error, message },
});
