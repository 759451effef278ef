import { type LocalCloud, operator } from "@standby/local-cloud";

/*
 * What somebody else does to AWS, past the commands. The local cloud reads service and Region out of the signature and does not verify
 * it, so that no client is needed.
 */

const callMilliseconds = 15_000;

const authorization = (region: string, service: string): string =>
  `AWS4-HMAC-SHA256 Credential=${operator.accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

/** A call that AWS answered with an error; only its code, because a body may quote the request. */
export class ByHandError extends Error {
  override readonly name = "ByHandError";
}

async function call(
  action: string,
  url: string,
  request: Pick<RequestInit, "method" | "headers" | "body">,
): Promise<string> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(callMilliseconds) });
  const text = await response.text();
  if (response.ok) return text;
  const code = /<Code>([^<]*)|"__type":\s*"([^"]*)/.exec(text);
  throw new ByHandError(`${action}: ${code?.[1] ?? code?.[2] ?? response.status}`);
}

export const rdsByHand = (
  { endpoint }: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> =>
  call(action, endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      authorization: authorization(region, "rds"),
    },
    body: new URLSearchParams({ Action: action, Version: "2014-10-31", ...parameters }),
  });

const targets = { secretsmanager: "secretsmanager", kms: "TrentService" } as const;

export async function jsonByHand(
  { endpoint }: LocalCloud,
  region: string,
  service: keyof typeof targets,
  action: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await call(action, endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${targets[service]}.${action}`,
      authorization: authorization(region, service),
    },
    body: JSON.stringify(input),
  });
  // Some operations answer with nothing.
  return JSON.parse(text || "{}") as Readonly<Record<string, unknown>>;
}

export interface CnameChange {
  readonly action: "UPSERT" | "DELETE";
  readonly zoneId: string;
  readonly name: string;
  readonly target: string;
  readonly ttlSeconds: number;
}

/** `ChangeResourceRecordSets`, as the console sends it. */
export const changeCnameByHand = async (
  { endpoint }: LocalCloud,
  { action, zoneId, name, target, ttlSeconds }: CnameChange,
): Promise<void> => {
  await call("ChangeResourceRecordSets", `${endpoint}/2013-04-01/hostedzone/${zoneId}/rrset/`, {
    method: "POST",
    headers: { "content-type": "text/xml", authorization: authorization("us-east-1", "route53") },
    body: `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>CNAME</Type><TTL>${ttlSeconds}</TTL><ResourceRecords><ResourceRecord><Value>${target}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
  });
};
