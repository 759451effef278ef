import type { ReplicaRegionType, ReplicationStatusType } from "@aws-sdk/client-secrets-manager";
import { defaultKeyAlias, invalidParameter, type Secret } from "./secret.ts";

/** Undefined for a secret that was never replicated: the element is left out. */
export const replicationStatusOf = (secret: Secret): ReplicationStatusType[] | undefined =>
  secret.replicas.size === 0
    ? undefined
    : [...secret.replicas.values()].map((replica) => ({
        Region: replica.region,
        KmsKeyId: replica.kmsKeyId,
        Status: replica.status,
        StatusMessage: replica.message,
      }));

/** All or none: a Region that cannot be added leaves the others out too. */
export function addReplicas(
  secret: Secret,
  regions: readonly ReplicaRegionType[],
  overwrite: boolean,
): void {
  for (const { Region = "" } of regions) {
    if (Region === secret.region)
      throw invalidParameter(
        "Invalid replica region: the secret's own region can't be a replica region.",
      );
    if (secret.replicas.has(Region))
      throw invalidParameter(`Secret already has a replica in region ${Region}.`);
  }
  for (const { Region = "", KmsKeyId } of regions)
    secret.replicas.set(Region, {
      region: Region,
      kmsKeyId: KmsKeyId ?? defaultKeyAlias,
      overwrite,
      status: "InProgress",
      isEstablished: false,
    });
}
