import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { StackOutputs } from "@standby/topology";
import type { Actions, LiveSecret, SecretKind } from "./actions.ts";
import { callWithin } from "./call-within.ts";
import { errorName } from "./error-name.ts";
import { RecoveryError } from "./errors.ts";

const callSeconds = 10;

/** What the moves do with the secret's copies. Its value passes through this process once, and only when a copy was promoted. */
export function secretActions(
  clientIn: (region: string) => SecretsManagerClient,
  outputsOf: (region: string) => StackOutputs,
): Pick<Actions, "secret" | "copySecretValue" | "replicateSecret"> {
  const arnOf = (region: string, kind: SecretKind): string => {
    const { secretArn, adminSecretArn } = outputsOf(region);
    const arn = kind === "admin" ? adminSecretArn : secretArn;
    if (arn === undefined) throw new TypeError(`there is no admin secret in ${region}`);
    return arn;
  };
  return {
    secret: (region, signal, kind = "application") =>
      describe(clientIn(region), arnOf(region, kind), signal),
    async copySecretValue(from, to, signal, kind = "application") {
      const { SecretString, SecretBinary, VersionId } = await clientIn(from).send(
        new GetSecretValueCommand({
          SecretId: arnOf(from, kind),
          VersionStage: "AWSCURRENT",
        }),
        callWithin(callSeconds, signal),
      );
      if (VersionId === undefined)
        throw new RecoveryError(`The secret in ${from} has no current version.`);
      await clientIn(to).send(
        new PutSecretValueCommand({
          SecretId: arnOf(to, kind),
          // The version keeps its id: both copies are known to be the same, and a second run writes nothing.
          ClientRequestToken: VersionId,
          ...(SecretString === undefined ? { SecretBinary } : { SecretString }),
        }),
        callWithin(callSeconds, signal),
      );
      await makeCurrent(clientIn(to), arnOf(to, kind), VersionId, signal);
    },
    async replicateSecret(from, to, { keyArn, overwrite }, signal, kind = "application") {
      await clientIn(from).send(
        new ReplicateSecretToRegionsCommand({
          SecretId: arnOf(from, kind),
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

/** A version that was there already, of a rotation that the loss cut off, keeps the labels that it had. */
async function makeCurrent(
  client: SecretsManagerClient,
  arn: string,
  versionId: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await describe(client, arn, signal);
  if (found?.versionId === undefined || found.versionId === versionId) return;
  await client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: arn,
      VersionStage: "AWSCURRENT",
      MoveToVersionId: versionId,
      RemoveFromVersionId: found.versionId,
    }),
    callWithin(callSeconds, signal),
  );
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
    const holderOf = (stage: string) =>
      versions.Versions?.find(({ VersionStages = [] }) => VersionStages.includes(stage));
    const current = holderOf("AWSCURRENT");
    const pending = holderOf("AWSPENDING")?.VersionId;
    return {
      arn: described.ARN ?? arn,
      versionId: current?.VersionId,
      pendingVersionId: pending === current?.VersionId ? undefined : pending,
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
