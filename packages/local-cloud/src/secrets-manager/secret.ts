import type { RotationRulesType, StatusType } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

export interface SecretValue {
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

/** A rotation begins with a version that has no value yet. */
export const isEmpty = ({ text, bytes }: SecretValue): boolean =>
  text === undefined && bytes === undefined;

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

/** How a primary secret is rotated. Stays, switched off, after rotation was cancelled. */
export interface Rotation {
  readonly functionArn: string;
  readonly rules: RotationRulesType | undefined;
  isEnabled: boolean;
  rotatedAt: Date | undefined;
  nextAt: Date | undefined;
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
  /** Undefined for a secret that was never set up for rotation. */
  rotation: Rotation | undefined;
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
