import { randomUUID } from "node:crypto";
import { accountId } from "../account.ts";
import type { HttpAnswer } from "../wire/http-request.ts";

/** A request to a function's address, as it came. */
export interface FunctionUrlCall {
  readonly urlId: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const isText = (type: string): boolean =>
  /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded)\b)/.test(type);

/** The event of payload format 2.0. */
export function eventOf(call: FunctionUrlCall, region: string, userArn: string): object {
  const { urlId, method, path, query, headers, body } = call;
  const domainName = `${urlId}.lambda-url.${region}.on.aws`;
  const text = isText(headers["content-type"] ?? "text/");
  // Several values of one name come as one, with commas.
  const parameters = [...new Set(query.keys())].map((key) => [key, query.getAll(key).join(",")]);
  const now = new Date();
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query.toString(),
    headers,
    ...(parameters.length > 0 && { queryStringParameters: Object.fromEntries(parameters) }),
    requestContext: {
      accountId,
      apiId: urlId,
      authorizer: { iam: { accountId, userArn } },
      domainName,
      domainPrefix: urlId,
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(text ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

interface StructuredResult {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** What the caller gets: the function's own status, headers and body, or its whole result as JSON. */
export function answerOf(payload: Uint8Array): HttpAnswer {
  const text = Buffer.from(payload).toString("utf8");
  const result = JSON.parse(text || "null") as StructuredResult | null;
  const headers = { "content-type": "application/json" };
  if (typeof result?.statusCode !== "number") return { status: 200, headers, body: text };
  const { statusCode, body = "", isBase64Encoded = false } = result;
  return {
    status: statusCode,
    headers: { ...headers, ...result.headers },
    body: isBase64Encoded ? Buffer.from(body, "base64") : body,
  };
}
