import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** What this package needs of the SDK's client. */
export type SecretsClient = Pick<SecretsManagerClient, "send" | "destroy">;

/**
 * A client of one Region. Without an endpoint or a route to it a call hangs in a VPC, and `requestTimeout` alone only warns:
 * `throwOnRequestTimeout` makes it fire. Two attempts, because the caller bounds the whole call with a signal.
 */
export const createSecretsClient = (region: string): SecretsClient =>
  new SecretsManagerClient({
    region,
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  });

/** Which version is wanted. A stage is always sent: without one the service answers its own idea of the default. */
export type VersionSelector =
  | { readonly versionStage?: string; readonly versionId?: never }
  | { readonly versionId: string; readonly versionStage?: never };

export const getSecretValue = (
  client: SecretsClient,
  secretId: string,
  selector: VersionSelector,
  signal: AbortSignal,
): Promise<GetSecretValueCommandOutput> =>
  client.send(
    new GetSecretValueCommand({
      SecretId: secretId,
      ...(selector.versionId === undefined
        ? { VersionStage: selector.versionStage ?? "AWSCURRENT" }
        : { VersionId: selector.versionId }),
    }),
    { abortSignal: signal },
  );
