import type { CreateDBInstanceMessage } from "@aws-sdk/client-rds";
import { AwsError } from "../service.ts";
import type { RdsContext } from "./context.ts";
import { defaultGroupName, engineVersionOf, majorOf } from "./defaults.ts";
import { invalidCombination, invalidValue, keyNotAccessible, notModelled } from "./errors.ts";
import { defaultGroupPrefix, type ParameterGroup } from "./parameter-group.ts";

const identifierPattern = /^[a-z](?:-?[a-z0-9])*$/;

/** The identifier in the case that RDS keeps it, when no other instance of the Region has it. */
export function newIdentifier(
  { store }: RdsContext,
  region: string,
  asked: string | undefined,
): string {
  const identifier = (asked ?? "").toLowerCase();
  if (!identifierPattern.test(identifier) || identifier.length > 63)
    throw invalidValue(
      "The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.",
    );
  if (store.in(region).instances.has(identifier))
    throw new AwsError("DBInstanceAlreadyExists", "DB instance already exists");
  return identifier;
}

/** The ARN of a key of this Region that can be used. Throws `KMSKeyNotAccessibleFault`. */
export function requireKey(
  { keys }: RdsContext,
  region: string,
  keyId: string | undefined,
): string {
  try {
    return keys.usableKeyArn(region, keyId ?? "alias/aws/rds");
  } catch (error) {
    if (error instanceof AwsError) throw keyNotAccessible(keyId ?? "alias/aws/rds");
    throw error;
  }
}

/** The group that is asked for, or the Region's default one of this version, which RDS makes when it is first needed. */
export function parameterGroupFor(
  { store }: RdsContext,
  region: string,
  version: string,
  asked: string | undefined,
): ParameterGroup {
  const name = asked ?? defaultGroupName(version);
  const { parameterGroups } = store.in(region);
  if (name.startsWith(defaultGroupPrefix) && !parameterGroups.has(name))
    parameterGroups.set(name, {
      region,
      name,
      family: name.slice(defaultGroupPrefix.length),
      description: `Default parameter group for ${name.slice(defaultGroupPrefix.length)}`,
      tags: new Map(),
      values: new Map(),
      applyMethods: new Map(),
    });
  const group = store.parameterGroup(region, name);
  if (group.family !== `mysql${majorOf(version)}`)
    throw invalidCombination(
      `The Parameter Group ${group.name} with DBParameterGroupFamily ${group.family} can't be used for this instance. Use a Parameter Group with DBParameterGroupFamily mysql${majorOf(version)}.`,
    );
  return group;
}

export function checkBackupRetention(days: number | undefined): void {
  if (days !== undefined && (!Number.isInteger(days) || days < 0 || days > 35))
    throw invalidValue(`Invalid backup retention period: ${days}. Must be between 0 and 35 days.`);
}

/** Its refusals never show the password. */
export function checkPassword(password: string): void {
  if (password.length < 8)
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.",
    );
  if (password.length > 41)
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password because it is longer than 41 characters.",
    );
  if (!/^[\x21-\x7e]*$/.test(password) || /[/@"]/.test(password))
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.",
    );
}

/** Throws for what a new MySQL instance cannot be without, or cannot have here. */
export function checkNewInstance(input: CreateDBInstanceMessage): void {
  if (input.Engine !== "mysql") throw notModelled(`CreateDBInstance with engine ${input.Engine}`);
  if (input.ManageMasterUserPassword === true)
    throw notModelled("CreateDBInstance with ManageMasterUserPassword");
  if (!input.MasterUsername)
    throw new AwsError("MissingParameter", "The request must contain the parameter MasterUsername");
  if (input.MasterUserPassword === undefined)
    throw new AwsError(
      "InvalidParameterCombination",
      "You must specify MasterUserPassword or ManageMasterUserPassword.",
    );
  if (input.AllocatedStorage === undefined)
    throw new AwsError(
      "MissingParameter",
      "The request must contain the parameter AllocatedStorage",
    );
  if (!/^8\.[04]\.\d+$/.test(engineVersionOf(input.EngineVersion)))
    throw invalidCombination(`Cannot find version ${input.EngineVersion} for mysql`);
  checkPassword(input.MasterUserPassword);
  checkBackupRetention(input.BackupRetentionPeriod);
}
