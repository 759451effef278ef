import type { APIGatewayProxyEventV2 } from "aws-lambda";

/** An event of payload format 2.0 as a Function URL sends it. */
export const httpEvent = (
  method: string,
  path: string,
  more: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly base64?: boolean;
  } = {},
): APIGatewayProxyEventV2 => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: new URLSearchParams(more.query).toString(),
  headers: { ...more.headers },
  ...(more.query ? { queryStringParameters: { ...more.query } } : {}),
  requestContext: {
    accountId: "anonymous",
    apiId: "url-id",
    domainName: "url-id.lambda-url.us-west-2.on.aws",
    domainPrefix: "url-id",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
    requestId: "request-1",
    routeKey: "$default",
    stage: "$default",
    time: "24/Nov/2026:00:00:00 +0000",
    timeEpoch: 1_795_478_400_000,
  },
  ...(more.body === undefined ? {} : { body: more.body }),
  isBase64Encoded: more.base64 ?? false,
});
