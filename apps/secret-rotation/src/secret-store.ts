import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { SecretsClient } from "@standby/secret-access";

export interface SecretState {
  readonly isDeleted: boolean;
  /** Set on a primary secret with copies, and on every copy. */
  readonly primaryRegion: string | undefined;
  /** Labels by version id. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
  readonly copies: readonly { readonly region: string; readonly status: string }[];
}

export type Selector = { readonly id: string } | { readonly stage: string };

/** The calls of Secrets Manager that a rotation makes, of its own Region only. */
export interface SecretStore {
  describe(secretArn: string): Promise<SecretState>;
  /** Undefined for a version that does not exist or has no value yet. */
  read(
    secretArn: string,
    selector: Selector,
  ): Promise<{ readonly versionId: string; readonly text: string } | undefined>;
  /** Adds a version with this label. The same version with the same value again is no change. */
  put(secretArn: string, versionId: string, text: string, stage: string): Promise<void>;
  makeCurrent(secretArn: string, versionId: string, instead: string | undefined): Promise<void>;
  removePending(secretArn: string, versionId: string): Promise<void>;
}

/** Every call ends when the signal does; the client bounds each attempt. */
export function createSecretStore(client: SecretsClient, signal: AbortSignal): SecretStore {
  const options = { abortSignal: signal };
  return {
    async describe(secretArn) {
      const found = await client.send(new DescribeSecretCommand({ SecretId: secretArn }), options);
      return {
        isDeleted: found.DeletedDate !== undefined,
        primaryRegion: found.PrimaryRegion,
        stages: found.VersionIdsToStages ?? {},
        copies: (found.ReplicationStatus ?? []).map(({ Region = "", Status = "" }) => ({
          region: Region,
          status: Status,
        })),
      };
    },

    async read(secretArn, selector) {
      const input =
        "id" in selector ? { VersionId: selector.id } : { VersionStage: selector.stage };
      try {
        const { VersionId, SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId: secretArn, ...input }),
          options,
        );
        if (VersionId === undefined || SecretString === undefined) return undefined;
        return { versionId: VersionId, text: SecretString };
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw error;
      }
    },

    async put(secretArn, versionId, text, stage) {
      await client.send(
        new PutSecretValueCommand({
          SecretId: secretArn,
          ClientRequestToken: versionId,
          SecretString: text,
          VersionStages: [stage],
        }),
        options,
      );
    },

    async makeCurrent(secretArn, versionId, instead) {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretArn,
          VersionStage: "AWSCURRENT",
          MoveToVersionId: versionId,
          ...(instead === undefined ? {} : { RemoveFromVersionId: instead }),
        }),
        options,
      );
    },

    async removePending(secretArn, versionId) {
      await client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretArn,
          VersionStage: "AWSPENDING",
          RemoveFromVersionId: versionId,
        }),
        options,
      );
    },
  };
}
