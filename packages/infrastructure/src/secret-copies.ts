import type { Notice } from "./decide.ts";

/*
 * Pure: what Secrets Manager says of the copies of a secret, and what a person does about it. The provider takes a copy that failed
 * for made: nothing but the status tells, and a failed copy may be readable and stale.
 */

/** One line of the secret's replication status. */
export interface SecretCopy {
  readonly region: string;
  /** ARN or alias of the key that the copy is encrypted with. */
  readonly keyId: string;
  /** `InSync`, `InProgress`, `Failed`, or a later word of AWS. */
  readonly status: string;
  /** AWS's own words. They name keys and Regions, and are shown, never compared. */
  readonly message: string;
}

/** A secret, and the Regions that are to hold a copy of it. */
export interface CopiedSecret {
  readonly stack: string;
  readonly region: string;
  readonly arn: string;
  readonly name: string;
  readonly replicaRegions: readonly string[];
}

/** Copies that AWS has not finished, one way or the other. */
export const isUnderWay = (
  { replicaRegions }: CopiedSecret,
  copies: readonly SecretCopy[],
): boolean =>
  copies.some(({ region, status }) => replicaRegions.includes(region) && status === "InProgress");

/** The copies that do not carry what the secret carries, each with the reason and the way on. */
export const copyProblems = (
  secret: CopiedSecret,
  copies: readonly SecretCopy[],
): readonly Notice[] =>
  copies
    .filter(({ region, status }) => secret.replicaRegions.includes(region) && status !== "InSync")
    .map((copy) =>
      copy.status === "InProgress" ? unfinished(secret, copy) : failed(secret, copy),
    );

/** A Region that AWS no longer names holds a secret of its own: its copy was promoted there. */
export const promotedCopies = (
  secret: CopiedSecret,
  copies: readonly SecretCopy[],
): readonly Notice[] =>
  secret.replicaRegions
    .filter((region) => copies.every((copy) => copy.region !== region))
    .map((region) => ({
      message: `the secret is no longer replicated to ${region}: its copy there was made a secret of its own, or removed. What changes here does not reach it`,
      next: `aws secretsmanager describe-secret --secret-id ${secret.name} --region ${region}`,
    }));

const unfinished = ({ stack, arn, region }: CopiedSecret, copy: SecretCopy): Notice => ({
  message: `the copy of the secret in ${copy.region} is not finished yet; until it is, a reader there finds no value or an old one`,
  next: `aws secretsmanager describe-secret --secret-id ${arn} --region ${region}; when its ReplicationStatus is InSync: pulumi up -s ${stack}`,
});

function failed({ stack, arn, name, region }: CopiedSecret, copy: SecretCopy): Notice {
  const again = [
    `aws secretsmanager remove-regions-from-replication --secret-id ${arn} --remove-replica-regions ${copy.region} --region ${region}`,
    `aws secretsmanager replicate-secret-to-regions --secret-id ${arn} --add-replica-regions Region=${copy.region},KmsKeyId=${copy.keyId} --region ${region}`,
    `pulumi up -s ${stack}`,
  ].join(" && ");
  return {
    message: `the copy of the secret in ${copy.region} is ${copy.status}${copy.message === "" ? "" : ` (${copy.message})`}; a reader there finds no value or an old one, and a failover would meet it`,
    next: `see that the key ${copy.keyId} in ${copy.region} is enabled and may be used, and that no other secret there has the name ${name}; then replicate again, which deletes what is there of the copy first: ${again}`,
  };
}
