import { type LocalCloud, workload } from "@standby/local-cloud";

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks one Region's orders application, by its function, as its clients do. */
export async function askOrders(
  { endpoint }: LocalCloud,
  region: string,
  functionName: string,
  request: { readonly method: "GET" | "POST"; readonly path: string; readonly key?: string },
): Promise<Answer> {
  const { method, path, key } = request;
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers:
      key === undefined ? {} : { "content-type": "application/json", "idempotency-key": key },
    requestContext: { http: { method, path, protocol: "HTTP/1.1" } },
    ...(key === undefined
      ? {}
      : { body: JSON.stringify({ customer: "adoption", amountCents: 100 }) }),
    isBase64Encoded: false,
  };
  const response = await fetch(`${endpoint}/2015-03-31/functions/${functionName}/invocations`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${workload.accessKeyId}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const answer = JSON.parse(text) as { readonly statusCode?: number; readonly body?: string };
  return { status: answer.statusCode ?? response.status, body: answer.body ?? text };
}
