import {
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from "@aws-sdk/client-secrets-manager";
import { type LocalCloud, workload } from "@standby/local-cloud";
import { callsByHand } from "@standby/local-cloud/testing";

/** Secrets Manager as somebody else calls it, past the program. */
export const secretsByHand = (
  { endpoint }: LocalCloud,
  region: string,
  config: SecretsManagerClientConfig = {},
): SecretsManagerClient =>
  new SecretsManagerClient({ endpoint, region, credentials: workload, ...config });

/** A call of KMS that somebody else makes. */
export const kmsByHand = (
  cloud: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> =>
  callsByHand(cloud, workload).json(region, "kms", action, parameters);
