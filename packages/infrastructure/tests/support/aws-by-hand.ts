import {
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from "@aws-sdk/client-secrets-manager";
import { type LocalCloud, workload } from "@standby/local-cloud";

/** Secrets Manager as somebody else calls it, past the program. */
export const secretsByHand = (
  { endpoint }: LocalCloud,
  region: string,
  config: SecretsManagerClientConfig = {},
): SecretsManagerClient =>
  new SecretsManagerClient({ endpoint, region, credentials: workload, ...config });

/** A call of KMS that somebody else makes. The local cloud reads the Region out of the signature and does not verify it. */
export async function kmsByHand(
  { endpoint }: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `TrentService.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${workload.accessKeyId}/20260101/${region}/kms/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify(parameters),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action} was answered with ${response.status}: ${text}`);
  // What answers nothing answers with an empty body.
  return JSON.parse(text || "{}") as Readonly<Record<string, unknown>>;
}
