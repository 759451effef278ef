import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** What this package needs of the SDK's client. */
export type SecretsClient = Pick<SecretsManagerClient, "send" | "destroy">;

/** Which version is wanted: by its stage (default AWSCURRENT) or by its id. */
export type VersionSelector =
  | { readonly versionStage?: string; readonly versionId?: never }
  | { readonly versionId: string; readonly versionStage?: never };

export const currentStage = "AWSCURRENT";

/** The stage is sent always: without one the service answers its own idea of the default. */
export const current: VersionSelector = { versionStage: currentStage };

/** Nearly every version has this one stage alone: one list serves them all. */
export const onlyCurrent: readonly string[] = [currentStage];

/** A stage may be named like an id. */
export const keyOf = ({ versionId, versionStage = currentStage }: VersionSelector): string =>
  versionId ? `id ${versionId}` : versionStage;

/** What Secrets Manager always tells, whatever the SDK's types allow. */
export interface SecretAnswer {
  readonly ARN: string;
  readonly VersionId: string;
  readonly VersionStages: readonly string[];
  readonly SecretString?: string;
  readonly SecretBinary: Uint8Array;
}

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
