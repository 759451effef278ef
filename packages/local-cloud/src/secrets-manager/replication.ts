import type {
  RemoveRegionsFromReplicationRequest,
  RemoveRegionsFromReplicationResponse,
  ReplicateSecretToRegionsRequest,
  ReplicateSecretToRegionsResponse,
  StopReplicationToReplicaRequest,
  StopReplicationToReplicaResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { markChanged, type SecretsContext } from "./context.ts";
import { addReplicas, replicationStatusOf } from "./replication-status.ts";
import { invalidParameter, notFound } from "./secret.ts";

/** Which Regions have a copy. */
export const replicationOperations = (
  secrets: SecretsContext,
): Readonly<Record<string, Operation>> => ({
  ReplicateSecretToRegions: operation<
    ReplicateSecretToRegionsRequest,
    ReplicateSecretToRegionsResponse
  >((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    addReplicas(secret, input.AddReplicaRegions ?? [], input.ForceOverwriteReplicaSecret === true);
    markChanged(secrets, secret);
    return { ARN: secret.arn, ReplicationStatus: replicationStatusOf(secret) };
  }),

  RemoveRegionsFromReplication: operation<
    RemoveRegionsFromReplicationRequest,
    RemoveRegionsFromReplicationResponse
  >((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    const regions = input.RemoveReplicaRegions ?? [];
    const missing = regions.find((each) => !secret.replicas.has(each));
    if (missing !== undefined) throw notFound(`Secret has no replica in region ${missing}.`);
    for (const each of regions) secrets.replicator.remove(secret, each);
    return { ARN: secret.arn, ReplicationStatus: replicationStatusOf(secret) ?? [] };
  }),

  // Called in the replica's Region: it must work while the primary's is lost.
  StopReplicationToReplica: operation<
    StopReplicationToReplicaRequest,
    StopReplicationToReplicaResponse
  >((input, { region }) => {
    const copy = secrets.store.live(region, input.SecretId);
    const { primaryRegion } = copy;
    if (primaryRegion === undefined)
      throw invalidParameter("Operation not permitted on a secret that is not a replica.");
    copy.primaryRegion = undefined;
    copy.changedAt = new Date();
    secrets.replicator.promoted(copy, primaryRegion);
    return { ARN: copy.arn };
  }),
});
