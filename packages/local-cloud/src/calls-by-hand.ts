import type { Principal } from "./account.ts";

const callMilliseconds = 15_000;

/** A call that AWS answered with an error; only its code, because a body may quote the request. */
export class ByHandError extends Error {
  override readonly name = "ByHandError";
}

/** One change of a zone, whose record set is written as Route 53 shows it. */
interface RecordSetChange {
  readonly action: "UPSERT" | "DELETE";
  readonly set: string;
}

interface MetricValue {
  readonly namespace: string;
  readonly name: string;
  readonly dimension: { readonly name: string; readonly value: string };
  readonly value: number;
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
  /** A name's record sets as Route 53 shows them, one element each: a routing policy has several. */
  recordSets(zoneId: string, name: string): Promise<readonly string[]>;
  /** `ChangeResourceRecordSets`, all of them in one batch. */
  changeRecordSets(zoneId: string, changes: readonly RecordSetChange[]): Promise<void>;
  putMetric(region: string, metric: MetricValue): Promise<void>;
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
    request: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
  ): Promise<string> => {
    const { region, service, path = "/" } = scope;
    const response = await fetch(new URL(path, endpoint), {
      method: request.body === undefined ? "GET" : "POST",
      headers: {
        ...request.headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
      ...(request.body !== undefined && { body: request.body }),
      signal: AbortSignal.timeout(callMilliseconds),
    });
    const text = await response.text();
    if (response.ok) return text;
    const code = /<Code>([^<]*)|"__type":\s*"([^"]*)/.exec(text);
    throw new ByHandError(`${action}: ${code?.[1] ?? code?.[2] ?? response.status}`);
  };

  const changeRecordSets: CallsByHand["changeRecordSets"] = async (zoneId, changes) => {
    const elements = changes.map(
      ({ action, set }) => `<Change><Action>${action}</Action>${set}</Change>`,
    );
    await post(
      "ChangeResourceRecordSets",
      { ...route53, path: `${zonePath(zoneId)}/` },
      {
        headers: { "content-type": "text/xml" },
        body: `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>${elements.join("")}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`,
      },
    );
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

    changeRecordSets,

    recordSets: async (zoneId, name) => {
      const path = zonePath(zoneId);
      const text = await post("ListResourceRecordSets", { ...route53, path }, { headers: {} });
      return [...text.matchAll(/<ResourceRecordSet>.*?<\/ResourceRecordSet>/gs)]
        .map(([set]) => set)
        .filter((set) => set.includes(`<Name>${name}.</Name>`));
    },

    putMetric: async (region, { namespace, name, dimension, value }) => {
      await post(
        "PutMetricData",
        { region, service: "monitoring" },
        {
          headers: {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "GraniteServiceVersion20100801.PutMetricData",
          },
          body: JSON.stringify({
            Namespace: namespace,
            MetricData: [
              {
                MetricName: name,
                Dimensions: [{ Name: dimension.name, Value: dimension.value }],
                Value: value,
              },
            ],
          }),
        },
      );
    },
  };
}

const route53 = { region: "us-east-1", service: "route53" } as const;
const zonePath = (zoneId: string): string => `/2013-04-01/hostedzone/${zoneId}/rrset`;
