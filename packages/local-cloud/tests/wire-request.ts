import { operator } from "../src/account.ts";

/** What an AWS service says to a request as it is on the wire: what an SDK makes of an answer is not what these tests are about. */
export interface WireAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

export interface WireRequest {
  readonly endpoint: string;
  readonly region: string;
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function sendOnTheWire(request: WireRequest): Promise<WireAnswer> {
  const { endpoint, region, service, method = "POST", path = "/", headers = {}, body } = request;
  const answer = await fetch(`${endpoint}${path}`, {
    method,
    headers: {
      ...headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${operator.accessKeyId}/20261124/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    ...(body !== undefined && { body }),
  });
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    body: await answer.text(),
  };
}

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");

/** The body of a refusal in XML, without the id that each request has of its own. */
export const xmlRefusal = (namespace: string, code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>*</RequestId></ErrorResponse>`;

export const withoutRequestId = ({ body, ...answer }: WireAnswer): WireAnswer => ({
  ...answer,
  body: body.replace(/<RequestId>[^<]+<\/RequestId>/, "<RequestId>*</RequestId>"),
});
