import { randomUUID } from "node:crypto";
import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  PutResourcePolicyCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { type AwsCallError, during, hasCode, hasCodeAndText } from "../aws-call-error.ts";
import { equivalentJson } from "../equality.ts";
import {
  flag,
  maps,
  number,
  type PropertyMap,
  requiredText,
  text,
  textMap,
} from "../property-values.ts";
import type { ResourceHandler, Scope, Update } from "../resource-handler.ts";
import { tagChanges, tagList, tagMap } from "../tag-changes.ts";
import { propagationSeconds, retrying, untilState } from "../waiting.ts";
import { findSecret, resourcePolicyOf } from "./secret-lookup.ts";

const scheduled = (error: AwsCallError): boolean =>
  hasCodeAndText(error, "InvalidRequest", "scheduled for deletion") ||
  hasCodeAndText(error, "InvalidRequest", "was deleted");

/** A principal that was made a moment ago may not be known everywhere yet. */
const unsupportedPrincipal = (error: AwsCallError): boolean =>
  hasCodeAndText(error, "MalformedPolicyDocument", "unsupported principal");

const replicasOf = (properties: PropertyMap) =>
  maps(properties, "replicas").map((replica) => ({
    Region: requiredText(replica, "region"),
    ...(text(replica, "kmsKeyId") ? { KmsKeyId: text(replica, "kmsKeyId") } : {}),
  }));

const putPolicy = (id: string, policy: string, scope: Scope) => {
  const command = new PutResourcePolicyCommand({ SecretId: id, ResourcePolicy: policy });
  const send = () => scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
  return retrying(send, unsupportedPrincipal, scope);
};

const hasPolicy = (properties: PropertyMap): boolean =>
  !["", "{}"].includes(text(properties, "policy") ?? "");

const found = (id: string, scope: Scope) =>
  untilState(
    {
      look: async () => ((await findSecret(id, scope)) ? "found" : undefined),
      targets: ["found"],
      waiter: { firstSeconds: 0, intervalSeconds: 0.5, consecutive: 1 },
      timeoutSeconds: propagationSeconds,
    },
    scope,
  );

const create: ResourceHandler["create"] = async (inputs, scope, created) => {
  const name = requiredText(inputs, "name");
  const replicas = replicasOf(inputs);
  const command = new CreateSecretCommand({
    ClientRequestToken: randomUUID(),
    Description: text(inputs, "description") ?? "",
    ForceOverwriteReplicaSecret: flag(inputs, "forceOverwriteReplicaSecret") ?? false,
    Name: name,
    Tags: tagList(textMap(inputs, "tagsAll")),
    ...(text(inputs, "kmsKeyId") ? { KmsKeyId: text(inputs, "kmsKeyId") } : {}),
    ...(replicas.length > 0 ? { AddReplicaRegions: replicas } : {}),
    ...(text(inputs, "type") ? { Type: text(inputs, "type") } : {}),
  });
  try {
    const send = () => scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    const { ARN = "" } = await retrying(send, scheduled, scope);
    created(ARN);
    await found(ARN, scope);
    if (hasPolicy(inputs)) await putPolicy(ARN, requiredText(inputs, "policy"), scope);
  } catch (error) {
    throw during(`creating Secrets Manager Secret (${name})`, error);
  }
};

const read: ResourceHandler["read"] = async (id, state, scope) => {
  const secret = await findSecret(id, scope);
  if (!secret) return undefined;
  const policy = (await resourcePolicyOf(id, scope)) ?? "";
  return {
    arn: secret.ARN,
    description: secret.Description ?? "",
    kmsKeyId: secret.KmsKeyId ?? "",
    name: secret.Name,
    policy: equivalentJson(state["policy"], policy) ? (state["policy"] ?? policy) : policy,
    replicas: (secret.ReplicationStatus ?? []).map((replica) => ({
      kmsKeyId: replica.KmsKeyId ?? "",
      lastAccessedDate: replica.LastAccessedDate?.toISOString() ?? "",
      region: replica.Region ?? "",
      status: replica.Status ?? "",
      statusMessage: replica.StatusMessage ?? "",
    })),
    tags: tagMap(secret.Tags),
  };
};

const replicaKey = (replica: { Region: string; KmsKeyId?: string | undefined }): string =>
  `${replica.Region} ${replica.KmsKeyId ?? ""}`;

const removeReplicas = async (id: string, regions: string[], scope: Scope): Promise<void> => {
  if (regions.length === 0) return;
  const command = new RemoveRegionsFromReplicationCommand({
    SecretId: id,
    RemoveReplicaRegions: regions,
  });
  try {
    await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (!hasCode(error, "ResourceNotFound")) throw error;
  }
};

/** A replica with another key is removed and added: between the two calls the Region has no secret. */
const changeReplicas = async ({ id, state, planned }: Update, scope: Scope): Promise<void> => {
  const [old, wanted] = [replicasOf(state), replicasOf(planned)];
  const [oldKeys, wantedKeys] = [old.map(replicaKey), wanted.map(replicaKey)];
  const removed = old.filter((replica) => !wantedKeys.includes(replicaKey(replica)));
  const added = wanted.filter((replica) => !oldKeys.includes(replicaKey(replica)));
  await removeReplicas(
    id,
    removed.map(({ Region }) => Region),
    scope,
  );
  if (added.length === 0) return;
  const command = new ReplicateSecretToRegionsCommand({
    SecretId: id,
    AddReplicaRegions: added,
    ForceOverwriteReplicaSecret: flag(planned, "forceOverwriteReplicaSecret") ?? false,
  });
  await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
};

const changeTags = async ({ id, state, planned }: Update, scope: Scope): Promise<void> => {
  const { removed, put } = tagChanges(textMap(state, "tagsAll"), textMap(planned, "tagsAll"));
  const options = { abortSignal: scope.signal };
  if (removed.length > 0) {
    const command = new UntagResourceCommand({ SecretId: id, TagKeys: removed });
    await scope.aws.secretsManager.send(command, options);
  }
  if (put.length > 0) {
    const command = new TagResourceCommand({ SecretId: id, Tags: put });
    await scope.aws.secretsManager.send(command, options);
  }
};

const changePolicy = async ({ id, planned }: Update, scope: Scope): Promise<void> => {
  if (hasPolicy(planned)) {
    await putPolicy(id, requiredText(planned, "policy"), scope);
    return;
  }
  const command = new DeleteResourcePolicyCommand({ SecretId: id });
  await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
};

const update: ResourceHandler["update"] = async (request, scope) => {
  const { id, planned, changed } = request;
  try {
    if (changed.has("tagsAll")) await changeTags(request, scope);
    if (changed.has("replicas")) await changeReplicas(request, scope);
    if (changed.has("description") || changed.has("kmsKeyId")) {
      // Without a key the call says nothing about it: the secret keeps the key that it has.
      const key = text(planned, "kmsKeyId");
      const command = new UpdateSecretCommand({
        ClientRequestToken: randomUUID(),
        SecretId: id,
        Description: text(planned, "description") ?? "",
        ...(key ? { KmsKeyId: key } : {}),
      });
      await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    }
    if (changed.has("policy")) await changePolicy(request, scope);
  } catch (error) {
    throw during(`updating Secrets Manager Secret (${id})`, error);
  }
};

const remove: ResourceHandler["delete"] = async (id, state, scope) => {
  const window = number(state, "recoveryWindowInDays") ?? 30;
  const command = new DeleteSecretCommand({
    SecretId: id,
    ...(window === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: window }),
  });
  try {
    await removeReplicas(
      id,
      replicasOf(state).map(({ Region }) => Region),
      scope,
    );
    await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
  } catch (error) {
    if (hasCode(error, "ResourceNotFound")) return;
    throw during(`deleting Secrets Manager Secret (${id})`, error);
  }
  const gone = { firstSeconds: 0, intervalSeconds: 0.5, consecutive: 1 };
  const look = async () => ((await findSecret(id, scope)) ? "found" : undefined);
  await untilState(
    { look, targets: [undefined], waiter: gone, timeoutSeconds: propagationSeconds },
    scope,
  );
};

export const secret: ResourceHandler = { create, read, update, delete: remove };
