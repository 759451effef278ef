import type { LocalCloud } from "@standby/local-cloud";

/*
 * What somebody else does, past the commands. The local cloud reads service and Region out of the signature and does not verify it, so
 * that no client is needed.
 */

const accessKeyId = "AKIALOCALWORKLOAD000";

const authorization = (region: string, service: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

async function answerOf(response: Response, action: string): Promise<string> {
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${action} was answered with ${response.status}: ${text}`);
}

export async function rdsByHand(
  { endpoint }: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      authorization: authorization(region, "rds"),
    },
    body: new URLSearchParams({ Action: action, Version: "2014-10-31", ...parameters }),
    signal: AbortSignal.timeout(10_000),
  });
  return await answerOf(response, action);
}

const targets = { secretsmanager: "secretsmanager", kms: "TrentService" } as const;

async function jsonByHand(
  { endpoint }: LocalCloud,
  region: string,
  service: keyof typeof targets,
  action: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${targets[service]}.${action}`,
      authorization: authorization(region, service),
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(10_000),
  });
  // Some operations answer with nothing.
  const text = (await answerOf(response, action)) || "{}";
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

const secretId = "orders-prod/database";

export const secretByHand = async (cloud: LocalCloud): Promise<string> => {
  const { SecretString } = await jsonByHand(
    cloud,
    "us-east-1",
    "secretsmanager",
    "GetSecretValue",
    {
      SecretId: secretId,
      VersionStage: "AWSCURRENT",
    },
  );
  return String(SecretString);
};

/** A new current version with the same fields, changed as told. */
export const changeSecretByHand = async (
  cloud: LocalCloud,
  changes: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const fields = JSON.parse(await secretByHand(cloud)) as object;
  await jsonByHand(cloud, "us-east-1", "secretsmanager", "PutSecretValue", {
    SecretId: secretId,
    ClientRequestToken: crypto.randomUUID(),
    SecretString: JSON.stringify({ ...fields, ...changes }),
  });
};

/** The key of one Region's copy stops to work, or works again. */
export async function setKeyByHand(
  cloud: LocalCloud,
  region: string,
  action: "DisableKey" | "EnableKey",
): Promise<void> {
  const { KmsKeyId } = await jsonByHand(cloud, region, "secretsmanager", "DescribeSecret", {
    SecretId: secretId,
  });
  await jsonByHand(cloud, region, "kms", action, { KeyId: KmsKeyId });
}
