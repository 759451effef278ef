import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { StackOutputs } from "@standby/topology";
import type { Actions, LiveSecret } from "./actions.ts";
import { callWithin } from "./call-within.ts";
import { errorName } from "./error-name.ts";
import { RecoveryError } from "./errors.ts";

const callSeconds = 10;

/** What the moves do with the secret's copies. Its value passes through this process once, and only when a copy was promoted. */
export function secretActions(
  clientIn: (region: string) => SecretsManagerClient,
  outputsOf: (region: string) => StackOutputs,
): Pick<Actions, "secret" | "copySecretValue" | "replicateSecret"> {
  return {
    secret: (region, signal) => describe(clientIn(region), outputsOf(region).secretArn, signal),
    async copySecretValue(from, to, signal) {
      const { SecretString, SecretBinary, VersionId } = await clientIn(from).send(
        new GetSecretValueCommand({
          SecretId: outputsOf(from).secretArn,
          VersionStage: "AWSCURRENT",
        }),
        callWithin(callSeconds, signal),
      );
      if (VersionId === undefined)
        throw new RecoveryError(`The secret in ${from} has no current version.`);
      await clientIn(to).send(
        new PutSecretValueCommand({
          SecretId: outputsOf(to).secretArn,
          // The version keeps its id: both copies are known to be the same, and a second run writes nothing.
          ClientRequestToken: VersionId,
          ...(SecretString === undefined ? { SecretBinary } : { SecretString }),
        }),
        callWithin(callSeconds, signal),
      );
    },
    async replicateSecret(from, to, { keyArn, overwrite }, signal) {
      await clientIn(from).send(
        new ReplicateSecretToRegionsCommand({
          SecretId: outputsOf(from).secretArn,
          AddReplicaRegions: [
            { Region: to, ...(keyArn === undefined ? {} : { KmsKeyId: keyArn }) },
          ],
          ForceOverwriteReplicaSecret: overwrite,
        }),
        callWithin(callSeconds, signal),
      );
    },
  };
}

async function describe(
  client: SecretsManagerClient,
  arn: string,
  signal: AbortSignal,
): Promise<LiveSecret | undefined> {
  try {
    const [described, versions] = await Promise.all([
      client.send(new DescribeSecretCommand({ SecretId: arn }), callWithin(callSeconds, signal)),
      client.send(
        new ListSecretVersionIdsCommand({ SecretId: arn }),
        callWithin(callSeconds, signal),
      ),
    ]);
    const current = versions.Versions?.find(({ VersionStages = [] }) =>
      VersionStages.includes("AWSCURRENT"),
    );
    return {
      arn: described.ARN ?? arn,
      versionId: current?.VersionId,
      changedAt: current?.CreatedDate,
      primaryRegion: described.PrimaryRegion,
      replication: (described.ReplicationStatus ?? []).map(({ Region = "", Status = "" }) => ({
        region: Region,
        status: Status,
      })),
      keyArn: described.KmsKeyId,
    };
  } catch (error) {
    if (errorName(error) === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
