import type { CreateSecretRequest, CreateSecretResponse } from "@aws-sdk/client-secrets-manager";
import { randomCharacters } from "../identifiers.ts";
import { operation } from "../operation.ts";
import { AwsError, type CallContext, type Operation } from "../service.ts";
import { tagMapOf } from "../tag-map.ts";
import { addVersion, readValue } from "./add-version.ts";
import type { SecretsContext } from "./context.ts";
import { requireEncryption } from "./encryption.ts";
import { addReplicas, replicationStatusOf } from "./replication-status.ts";
import { invalidRequest, type Secret } from "./secret.ts";

const namePattern = /^[0-9A-Za-z/_+=.@!-]{1,512}$/;

function requireFreeName(existing: Secret | undefined, input: CreateSecretRequest): void {
  if (!namePattern.test(input.Name ?? ""))
    throw new AwsError(
      "ValidationException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  if (existing?.deletedAt !== undefined)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  if (existing)
    throw new AwsError(
      "ResourceExistsException",
      `The operation failed because the secret ${existing.name} already exists.`,
    );
}

const newSecret = (input: CreateSecretRequest, { region, accountId }: CallContext): Secret => ({
  region,
  name: input.Name ?? "",
  arn: `arn:aws:secretsmanager:${region}:${accountId}:secret:${input.Name}-${randomCharacters(6, "letters")}`,
  createdAt: new Date(),
  tags: tagMapOf(input.Tags),
  versions: new Map(),
  replicas: new Map(),
  description: input.Description,
  kmsKeyId: input.KmsKeyId,
  policy: undefined,
  changedAt: new Date(),
  accessedAt: undefined,
  deletedAt: undefined,
  primaryRegion: undefined,
  rotation: undefined,
});

export const createSecretOperation = (
  secrets: SecretsContext,
): Readonly<Record<string, Operation>> => ({
  CreateSecret: operation<CreateSecretRequest, CreateSecretResponse>((input, context) => {
    const { region } = context;
    const named = secrets.store.in(region);
    requireFreeName(named.get(input.Name ?? ""), input);
    requireEncryption(secrets.keys, region, input.KmsKeyId);
    const secret = newSecret(input, context);
    const value = readValue(input);
    const version = value && addVersion(secret, value, input.ClientRequestToken);
    addReplicas(secret, input.AddReplicaRegions ?? [], input.ForceOverwriteReplicaSecret === true);
    named.set(secret.name, secret);
    secrets.replicator.changed(secret);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version?.id,
      ReplicationStatus: replicationStatusOf(secret),
    };
  }),
});
