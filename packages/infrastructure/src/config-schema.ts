import {
  defaultRecoveryPoint,
  dnsSwitches,
  maximumServiceNameLength,
  regionPattern,
  serviceNamePattern,
} from "@standby/topology";
import { z } from "zod";
import { isVpcCidr } from "./cidr.ts";
import { adminKey, rotationKey } from "./rotation-keys.ts";
import type { KeyArn } from "./secret-keys.ts";

/*
 * One schema a key. A message says what the key must be and never repeats what it is: values end in logs.
 * The engine hands every value over as text, structured ones as JSON.
 */

const text = (pattern: RegExp, must: string) =>
  z.string({ error: must }).regex(pattern, { error: must });

const integer = (minimum: number, maximum: number) => {
  const must = `must be a whole number within ${minimum} and ${maximum}`;
  return z
    .number({ error: must })
    .int({ error: must })
    .min(minimum, { error: must })
    .max(maximum, { error: must });
};

const object = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((json, context): unknown => {
      try {
        return JSON.parse(json);
      } catch {
        context.addIssue({ code: "custom", message: "must be an object" });
        return z.NEVER;
      }
    })
    .pipe(schema);

const flag = z
  .enum(["true", "false"], { error: 'must be "true" or "false"' })
  .transform((value) => value === "true");

const domainName = text(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "must be a domain name in lower case without a trailing dot",
);
const cidr = z
  .string({ error: "must be an IPv4 block of /16 to /24" })
  .refine(isVpcCidr, { error: "must be an IPv4 block of /16 to /24" });
const vpcId = text(/^vpc-[0-9a-z]+$/, "must be the id of a VPC");
const subnetId = text(/^subnet-[0-9a-z]+$/, "must be the id of a subnet");
const securityGroupIds = z
  .array(text(/^sg-[0-9a-z]+$/, "must be the id of a security group"), {
    error: "must be a list of security groups",
  })
  .min(1, { error: "must name at least one security group, or be left out" })
  .max(5, { error: "must name at most five security groups" })
  .optional();
const availabilityZone = text(
  /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
  "must be the name of an Availability Zone",
);
const stackName = text(/^[A-Za-z0-9_.-]+$/, "must be the plain name of a stack of this project");

const newNetwork = z.strictObject({
  cidr,
  peerCidr: cidr,
  availabilityZones: z
    .array(availabilityZone, { error: "must be a list of two or three Availability Zones" })
    .min(2, { error: "must name at least two Availability Zones" })
    .max(3, { error: "must name at most three Availability Zones" })
    .optional(),
});

const existingNetwork = z.strictObject({
  existing: z.strictObject({
    vpcId,
    subnetIds: z
      .array(subnetId, { error: "must be a list of at least two subnets" })
      .min(2, { error: "must name subnets of at least two Availability Zones" }),
    cidr,
    peerCidr: cidr,
    associateZone: z.boolean({ error: "must be true or false" }).default(true),
    functionSecurityGroupIds: securityGroupIds,
    databaseSecurityGroupIds: securityGroupIds,
  }),
});

const newZone = z.strictObject({ name: domainName });
const existingZone = z.strictObject({
  existing: z.strictObject({
    zoneId: text(/^Z[0-9A-Z]+$/, "must be the id of a hosted zone"),
    name: domainName,
  }),
});

/** The branch is chosen by the key `existing`, so that a problem names one field and not two alternatives. */
const either = <New extends z.ZodType, Existing extends z.ZodType>(
  fresh: New,
  existing: Existing,
) =>
  z.unknown().transform((value, context): z.output<New> | z.output<Existing> => {
    const chosen = typeof value === "object" && value !== null && "existing" in value;
    const result = (chosen ? existing : fresh).safeParse(value);
    if (result.success) return result.data;
    for (const { path, message, ...issue } of result.error.issues)
      context.addIssue({ code: "custom", path, message: issueMessage({ message, ...issue }) });
    return z.NEVER;
  });

/** Unknown fields are named: a misspelt field would otherwise be a silent default. */
export const issueMessage = (issue: {
  readonly message: string;
  readonly code?: string;
  readonly keys?: readonly PropertyKey[];
}): string =>
  issue.code === "unrecognized_keys"
    ? `has no field ${(issue.keys ?? []).map(String).join(", ")}`
    : issue.code === "invalid_type" && issue.message.startsWith("Invalid")
      ? "is missing or of the wrong type"
      : issue.message;

const instanceClass = text(
  /^db\.[a-z0-9-]+\.[a-z0-9]+$/,
  "must be a DB instance class such as db.t4g.medium",
).default("db.t4g.medium");
const engineVersion = text(
  /^8\.4(\.\d+)?$/,
  'must be a MySQL 8.4 version in quotes, such as "8.4"',
).default("8.4");
const backupRetentionDays = integer(1, 35).default(7);

/** A database that is there already is read. What is said beside it describes those that take its place later. */
const existingDatabase = z.strictObject({
  existing: z.strictObject({
    identifier: text(
      /^[a-z](-?[a-z0-9])*$/,
      "must be the identifier of an RDS instance in this stack's Region",
    ).max(63, { error: "must have at most 63 characters" }),
  }),
  instanceClass,
  engineVersion,
  backupRetentionDays,
});

const newPrimaryDatabase = z.strictObject({
  instanceClass,
  engineVersion,
  backupRetentionDays,
  allocatedStorageGiB: integer(20, 65_536).default(100),
  databaseName: text(
    /^[a-z][a-z0-9_]{0,63}$/,
    "must be lower-case letters, digits and underscores, at most 64",
  ).default("orders"),
  username: text(
    /^(?!rdsadmin$)[a-z][a-z0-9_]{0,15}$/,
    "must be lower-case letters, digits and underscores, at most 16, and not rdsadmin",
  ).default("orders_admin"),
});

/** Engine, storage, users and data come from the source: a replica is not described with them. */
const newRecoveryDatabase = z.strictObject({ instanceClass, engineVersion, backupRetentionDays });

const keyChoice = z.custom<"default" | KeyArn>(
  (value) =>
    value === "default" ||
    (typeof value === "string" &&
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-z-]+$/.test(value)),
  { error: "must be the ARN of a KMS key, or default" },
);

const secret = z.strictObject({
  existing: text(
    /^(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[0-9A-Za-z/_+=.@!-]{1,512}$/,
    "must be the name of a secret, or its full ARN",
  ).optional(),
  name: text(
    /^[0-9A-Za-z/_+=.@-]{1,512}$/,
    "must be letters, digits and /_+=.@- , at most 512",
  ).optional(),
  replicaRegions: z
    .array(text(regionPattern, "must be a Region such as us-west-2"), {
      error: "must be a list of Regions",
    })
    .min(1, {
      error: "must name the recovery Region: without it AWS deletes that Region's copy at once",
    }),
  keys: z.record(z.string(), keyChoice, { error: "must give Regions a KMS key each" }).default({}),
  rotation: rotationKey,
  admin: adminKey,
  allowReplicaRemoval: z
    .array(text(regionPattern, "must be a Region such as us-west-2"), {
      error: "must be a list of Regions",
    })
    .default([]),
});

const record = z.strictObject({
  ttlSeconds: integer(1, 300).default(30),
  existing: z.strictObject({ target: domainName }).optional(),
  former: domainName.optional(),
});

/** What a failover may lose unasked. */
const recoveryPoint = z.strictObject({
  maximumLagSeconds: integer(0, 86_400).default(defaultRecoveryPoint.maximumLagSeconds),
  // The record is a minute old at most as long as the source answers; deciding on a failover takes its time.
  maximumAgeSeconds: integer(120, 86_400).default(defaultRecoveryPoint.maximumAgeSeconds),
});

/** Whom the alarms tell, and the two bounds that a service may want otherwise. */
const alarms = z.strictObject({
  email: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "must be an e-mail address").optional(),
  freeStorageGiB: integer(1, 65_536).default(5),
  connections: integer(1, 100_000).optional(),
});

const commonKeys = {
  service: text(
    serviceNamePattern,
    "must be lower-case letters and digits, separated by single hyphens",
  ).max(maximumServiceNameLength, {
    error: `must have at most ${maximumServiceNameLength} characters`,
  }),
  accountId: text(/^\d{12}$/, "must be 12 digits in quotes"),
  databaseHostName: domainName,
  network: object(either(newNetwork, existingNetwork)),
  fenced: flag.default(false),
  replicateFrom: text(
    /^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:db:[a-z][a-z0-9-]*$/,
    "must be the ARN of an RDS instance, or empty",
  ).optional(),
};

/** The keys of each role, in the order in which problems are reported. */
export const primaryKeys = {
  ...commonKeys,
  recoveryStack: stackName,
  zone: object(either(newZone, existingZone)),
  secret: object(secret),
  database: object(either(newPrimaryDatabase, existingDatabase)).prefault("{}"),
};

export const recoveryKeys = {
  ...commonKeys,
  primaryStack: stackName,
  database: object(either(newRecoveryDatabase, existingDatabase)).prefault("{}"),
  record: object(record).prefault("{}"),
  dnsSwitch: z.enum(dnsSwitches, { error: "must be record or health-check" }).default("record"),
  recoveryPoint: object(recoveryPoint).prefault("{}"),
  monitoring: flag.default(false),
  alarms: object(alarms).prefault("{}"),
  failover: flag.default(false),
  readOnlyFailover: flag.default(false),
  pinned: flag.default(false),
  secretPromoted: flag.default(false),
  acceptDataLoss: text(
    /^[a-z][a-z0-9-]*$/,
    "must be the identifier of this Region's database, or empty",
  ).optional(),
};

export const role = z.enum(["primary", "recovery"], { error: "must be primary or recovery" });
export const region = text(regionPattern, "must be a Region such as us-east-1");

type Values<Keys extends Record<string, z.ZodType>> = {
  readonly [Key in keyof Keys]: z.output<Keys[Key]>;
};
export type PrimaryValues = Values<typeof primaryKeys>;
export type RecoveryValues = Values<typeof recoveryKeys>;
export type NetworkValues = z.output<typeof commonKeys.network>;
