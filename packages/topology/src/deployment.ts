/** The two fixed places of a deployment. They do not swap on failover: what swaps is which Region is *active*. */
export type Role = "primary" | "recovery";

/**
 * The service name is the prefix of every physical name, so that a second pair in the same account never collides.
 * 32 characters leave room for the longest suffix within IAM's 64 for a role name.
 */
export const serviceNamePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
export const maximumServiceNameLength = 32;

export const regionPattern = /^[a-z]{2}(-[a-z]+)+-\d$/;

/**
 * The n-th database that a Region has had. Identifiers are Regional, so both Regions use the same name for the same generation.
 *
 * @example databaseIdentifier("orders-prod", 1) // "orders-prod-1"
 */
export const databaseIdentifier = (service: string, generation: number): string =>
  `${service}-${generation}`;

/** Undefined when the identifier is not one of this service's databases. */
export function generationOf(service: string, identifier: string): number | undefined {
  const match = new RegExp(`^${service}-([1-9]\\d*)$`).exec(identifier);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** Tag of every resource of a service; its databases are found by it. */
export const serviceTag = "standby:service";

/** Tag of a database, written once: `created`, or the ARN of the source that it was born as a replica of. */
export const originTag = "standby:origin";

/**
 * Tag of a database, written by the update that promotes it, before it does: tells a promotion of ours that was interrupted from one
 * that somebody else made.
 */
export const promotionTag = "standby:promotion";
export const promotionRequested = "requested";

/** One name in every Region: a replica secret has its primary's name and suffix. */
export const databaseSecretName = (service: string): string => `${service}/database`;

/** The master user's credentials, when the application has a user of its own. */
export const adminSecretName = (service: string): string => `${service}/database-admin`;

export const rotationFunctionName = (service: string): string => `${service}-secret-rotation`;

export const rotationRoleName = (service: string, region: string): string =>
  `${service}-rotation-${region}`;

export const ordersFunctionName = (service: string): string => `${service}-orders-api`;

/** The function inside each Region's VPC that asks and proves for the operator, see `ProbeRequest`. */
export const probeFunctionName = (service: string): string => `${service}-probe`;

/** The recovery stack's bucket: the journal and lock of the commands, and what the probe records. Bucket names are global. */
export const recoveryBucketName = (service: string, accountId: string, region: string): string =>
  `${service}-recovery-${accountId}-${region}`;

/** IAM is global, so the Region is part of the name. Both names are in the secret's policy before the roles exist. */
export const ordersRoleName = (service: string, region: string): string =>
  `${service}-orders-${region}`;

/**
 * A replica secret's ARN is its primary's with only the Region changed, suffix included.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
 * @example localSecretArn("arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf", "us-west-2")
 */
export function localSecretArn(secretArn: string, region: string): string {
  const parts = secretArn.split(":");
  if (parts[0] !== "arn" || parts[2] !== "secretsmanager" || parts.length !== 7)
    throw new TypeError("secretArn must be the full ARN of a Secrets Manager secret");
  return parts.with(3, region).join(":");
}

/** The name in a secret's full ARN, which ends with a hyphen and six characters of AWS's own. */
export const secretNameOf = (secretArn: string): string =>
  secretArn.split(":").slice(6).join(":").slice(0, -7);

/** The Region of an ARN, or undefined for a text that is not an ARN and for the ARN of a global resource. */
export const regionOfArn = (arn: string): string | undefined =>
  arn.startsWith("arn:") ? arn.split(":")[3] || undefined : undefined;

/**
 * `<identifier>.<hash>.<region>.rds.amazonaws.com`; the hash is fixed for one account and Region.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.DBInstance.html
 */
export interface RdsEndpointName {
  readonly identifier: string;
  readonly hash: string;
  readonly region: string;
}

const rdsEndpoint =
  /^([a-z][a-z0-9-]*)\.([a-z0-9-]+)\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com\.?$/;

export function parseRdsEndpoint(host: string): RdsEndpointName | undefined {
  const match = rdsEndpoint.exec(host.toLowerCase());
  if (!match) return undefined;
  const [, identifier = "", hash = "", region = ""] = match;
  return { identifier, hash, region };
}

/** True for every name that AWS makes for a database: such a name dies with its Region and is never a secret's `host`. */
export const isRdsName = (host: string): boolean => /\.rds\.amazonaws\.com(\.cn)?\.?$/i.test(host);
