import type { StatusType } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

export interface SecretValue {
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

export interface SecretVersion {
  readonly id: string;
  readonly value: SecretValue;
  readonly createdAt: Date;
  readonly stages: Set<string>;
}

/** One line of a primary secret's replication status. */
export interface Replica {
  readonly region: string;
  readonly kmsKeyId: string;
  /** Replaces a secret of the same name that is not a copy of this one. */
  readonly overwrite: boolean;
  status: StatusType;
  message?: string;
  /** A copy was written once: a stranger in its place later is a copy that was promoted, not a name clash. */
  isEstablished: boolean;
}

export interface Secret {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags: TagMap;
  readonly versions: Map<string, SecretVersion>;
  readonly replicas: Map<string, Replica>;
  description: string | undefined;
  kmsKeyId: string | undefined;
  policy: string | undefined;
  changedAt: Date;
  accessedAt: Date | undefined;
  deletedAt: Date | undefined;
  /** Set on a replica: the Region that it is copied from. */
  primaryRegion: string | undefined;
}

export const defaultKeyAlias = "alias/aws/secretsmanager";

export const invalidParameter = (message: string): AwsError =>
  new AwsError("InvalidParameterException", message);
export const invalidRequest = (message: string): AwsError =>
  new AwsError("InvalidRequestException", message);
export const notFound = (message = "Secrets Manager can't find the specified secret."): AwsError =>
  new AwsError("ResourceNotFoundException", message);

/** Everything but a description is refused between deletion and the end of the recovery window. */
export function requireLive(secret: Secret): Secret {
  if (secret.deletedAt !== undefined)
    throw invalidRequest(
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  return secret;
}

/** A replica takes no change of its own. */
export function requirePrimary(secret: Secret): Secret {
  if (secret.primaryRegion !== undefined)
    throw invalidParameter(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    );
  return secret;
}
