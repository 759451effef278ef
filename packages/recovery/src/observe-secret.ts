import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { SecretAnswer } from "@standby/topology";
import type { SecretObservation, Seen } from "./observation.ts";
import { type Look, look } from "./seen.ts";

/** What one Region's copy of the secret is looked at with. */
export interface SecretSight {
  readonly region: string;
  readonly arn: string;
  readonly secretsManager: SecretsManagerClient;
  /** Asks the Region's probe to read it as the application does. Never throws but for the caller's signal. */
  readable(): Promise<Seen<SecretAnswer>>;
}

/** The Region's own copy: labels and replication as the service shows them. Its value is not read from here. */
export async function observeSecret(
  { region, arn, secretsManager, readable }: SecretSight,
  within: Look,
): Promise<Seen<SecretObservation>> {
  const [described, answer] = await Promise.all([
    look(`Secrets Manager in ${region}`, within, (signal) =>
      secretsManager.send(new DescribeSecretCommand({ SecretId: arn }), { abortSignal: signal }),
    ),
    readable(),
  ]);
  return described.seen ? { seen: true, value: secretOf(described.value, arn, answer) } : described;
}

const secretOf = (
  described: DescribeSecretResponse,
  arn: string,
  readable: SecretObservation["readable"],
): SecretObservation => ({
  arn: described.ARN ?? arn,
  versionId: versionWith(described, "AWSCURRENT"),
  pendingVersionId: versionWith(described, "AWSPENDING"),
  rotationDueAt: described.RotationEnabled ? described.NextRotationDate : undefined,
  primaryRegion: replicatedFrom(described, arn),
  replication: Object.fromEntries(
    (described.ReplicationStatus ?? []).map(({ Region = "", Status = "", StatusMessage = "" }) => [
      Region,
      { status: Status, message: StatusMessage },
    ]),
  ),
  keyArn: described.KmsKeyId,
  deleted: described.DeletedDate !== undefined,
  readable,
});

const versionWith = ({ VersionIdsToStages = {} }: DescribeSecretResponse, stage: string) =>
  Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];

/** A primary secret with replicas names its own Region. */
const replicatedFrom = ({ PrimaryRegion }: DescribeSecretResponse, arn: string) =>
  PrimaryRegion === arn.split(":")[3] ? undefined : PrimaryRegion;
