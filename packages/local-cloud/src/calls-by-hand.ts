import type { Principal } from "./account.ts";

const callMilliseconds = 15_000;

/** A call that AWS answered with an error; only its code, because a body may quote the request. */
export class ByHandError extends Error {
  override readonly name = "ByHandError";
}

export interface CnameChange {
  readonly action: "UPSERT" | "DELETE";
  readonly zoneId: string;
  readonly name: string;
  readonly target: string;
  readonly ttlSeconds: number;
}

const targetPrefixes = { secretsmanager: "secretsmanager", kms: "TrentService" } as const;

/** What somebody does to AWS past whatever is under test: in the console, or with the AWS CLI. */
export interface CallsByHand {
  /** @throws {ByHandError} with the code of RDS's refusal. */
  rds(
    region: string,
    action: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** @throws {ByHandError} with the code of the service's refusal. */
  json(
    region: string,
    service: keyof typeof targetPrefixes,
    action: string,
    input: object,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** `ChangeResourceRecordSets`, as the console sends it. */
  changeCname(change: CnameChange): Promise<void>;
}

/**
 * The local cloud reads service and Region out of the signature and does not verify it, so that no client is needed.
 *
 * @param principal - whom the request log names, so that these calls and those of the program under test can be told apart
 */
export function callsByHand(
  { endpoint }: { readonly endpoint: string },
  { accessKeyId }: Principal,
): CallsByHand {
  const post = async (
    action: string,
    scope: { readonly region: string; readonly service: string; readonly path?: string },
    request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ): Promise<string> => {
    const { region, service, path = "/" } = scope;
    const response = await fetch(new URL(path, endpoint), {
      method: "POST",
      headers: {
        ...request.headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
      body: request.body,
      signal: AbortSignal.timeout(callMilliseconds),
    });
    const text = await response.text();
    if (response.ok) return text;
    const code = /<Code>([^<]*)|"__type":\s*"([^"]*)/.exec(text);
    throw new ByHandError(`${action}: ${code?.[1] ?? code?.[2] ?? response.status}`);
  };

  return {
    rds: (region, action, parameters) =>
      post(
        action,
        { region, service: "rds" },
        {
          headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
          body: new URLSearchParams({
            Action: action,
            Version: "2014-10-31",
            ...parameters,
          }).toString(),
        },
      ),

    json: async (region, service, action, input) => {
      const text = await post(
        action,
        { region, service },
        {
          headers: {
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": `${targetPrefixes[service]}.${action}`,
          },
          body: JSON.stringify(input),
        },
      );
      // Some operations answer with nothing.
      return JSON.parse(text || "{}") as Readonly<Record<string, unknown>>;
    },

    changeCname: async ({ action, zoneId, name, target, ttlSeconds }) => {
      await post(
        "ChangeResourceRecordSets",
        {
          region: "us-east-1",
          service: "route53",
          path: `/2013-04-01/hostedzone/${zoneId}/rrset/`,
        },
        {
          headers: { "content-type": "text/xml" },
          body: `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>${action}</Action><ResourceRecordSet><Name>${name}</Name><Type>CNAME</Type><TTL>${ttlSeconds}</TTL><ResourceRecords><ResourceRecord><Value>${target}</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
        },
      );
    },
  };
}
