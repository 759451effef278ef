import { accountId } from "../account.ts";
import type { ServiceName } from "../outages.ts";
import type { Parameters } from "../service.ts";
import type { Permission } from "./policy.ts";

/** A secret as permissions name it. */
interface SecretFacts {
  readonly arn: string;
  /** ARN of its KMS key; undefined for AWS's default key, which every reader of the secret may use. */
  readonly keyArn: string | undefined;
}

export type FindSecret = (region: string, secretId: string) => SecretFacts | undefined;

interface Attempt {
  readonly region: string;
  readonly service: ServiceName;
  readonly operation: string;
}

/** Operations that IAM knows by another name. */
const otherNames: Readonly<Record<string, string>> = {
  "lambda:Invoke": "lambda:InvokeFunction",
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
};

/** What IAM calls an operation. */
export function actionOf({ service, operation }: Attempt): string {
  const [other, name] = service === "other" ? operation.split(".") : [];
  const action = name === undefined ? `${service}:${operation}` : `${other?.toLowerCase()}:${name}`;
  return otherNames[action] ?? action;
}

/** IAM asks nobody for these. */
const free: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

const text = (parameters: Parameters, name: string): string | undefined =>
  typeof parameters[name] === "string" ? parameters[name] : undefined;

const resources: Readonly<
  Record<
    string,
    (parameters: Parameters, region: string, findSecret: FindSecret) => string | undefined
  >
> = {
  secretsmanager(parameters, region, findSecret) {
    const id = text(parameters, "SecretId");
    const name = text(parameters, "Name");
    if (id !== undefined) return findSecret(region, id)?.arn ?? id;
    return name && `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-??????`;
  },
  rds(parameters, region) {
    const id = text(parameters, "DBInstanceIdentifier");
    return id && `arn:aws:rds:${region}:${accountId}:db:${id}`;
  },
  lambda(parameters, region) {
    const name = text(parameters, "FunctionName");
    if (name?.startsWith("arn:")) return name;
    return name && `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  },
  kms(parameters, region) {
    const id = text(parameters, "KeyId");
    return id?.startsWith("arn:") ? id : id && `arn:aws:kms:${region}:${accountId}:key/${id}`;
  },
  s3(parameters) {
    const [bucket, key] = [text(parameters, "Bucket"), text(parameters, "Key")];
    return bucket && `arn:aws:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
  },
  events(parameters, region) {
    return Array.isArray(parameters["Entries"])
      ? `arn:aws:events:${region}:${accountId}:event-bus/default`
      : undefined;
  },
  route53(parameters) {
    const id = text(parameters, "HostedZoneId") ?? text(parameters, "Id");
    return id && `arn:aws:route53:::hostedzone/${id.replace("/hostedzone/", "")}`;
  },
};

/** Secrets Manager uses a key of one's own with the caller's rights, and says so in the request to KMS. */
const keyActions: Readonly<Record<string, readonly string[]>> = {
  GetSecretValue: ["kms:Decrypt"],
  PutSecretValue: ["kms:Decrypt", "kms:GenerateDataKey"],
};

/** Of the first entry: a call with several sources is not told apart. */
function sourceOfEvents({ Entries: entries }: Parameters): Readonly<Record<string, string>> {
  const first: unknown = Array.isArray(entries) ? entries[0] : undefined;
  const source = typeof first === "object" && first !== null ? Reflect.get(first, "Source") : "";
  return typeof source === "string" && source !== "" ? { "events:source": source } : {};
}

/** What a caller has to be allowed for one call; the call's own action comes first. */
export function neededPermissions(
  attempt: Attempt,
  parameters: Parameters,
  findSecret: FindSecret,
): readonly Permission[] {
  const { region, service, operation } = attempt;
  const action = actionOf(attempt);
  if (free.has(action)) return [];
  const namespace = text(parameters, "Namespace");
  const own: Permission = {
    action,
    resource: resources[service]?.(parameters, region, findSecret) ?? "*",
    context: {
      "aws:RequestedRegion": region,
      ...(service === "cloudwatch" && namespace !== undefined
        ? { "cloudwatch:namespace": namespace }
        : {}),
      ...sourceOfEvents(parameters),
    },
  };
  const secretId = service === "secretsmanager" ? text(parameters, "SecretId") : undefined;
  const keyArn = secretId && findSecret(region, secretId)?.keyArn;
  const ofKey = (keyArn ? (keyActions[operation] ?? []) : []).map(
    (keyAction): Permission => ({
      action: keyAction,
      resource: keyArn ?? "*",
      context: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
    }),
  );
  return [own, ...ofKey];
}
