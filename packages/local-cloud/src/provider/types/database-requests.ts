import type {
  CreateDBInstanceMessage,
  CreateDBInstanceReadReplicaMessage,
  ModifyDBInstanceMessage,
} from "@aws-sdk/client-rds";
import { isBlank } from "../equality.ts";
import {
  flag,
  nested,
  number,
  type PropertyMap,
  requiredText,
  text,
  textMap,
  texts,
} from "../property-values.ts";

type Names<Message> = Readonly<Record<string, keyof Message & string>>;

/** Parameters that any way of creating a database sends when they are set. */
const sharedNames = {
  availabilityZone: "AvailabilityZone",
  customIamInstanceProfile: "CustomIamInstanceProfile",
  databaseInsightsMode: "DatabaseInsightsMode",
  dbSubnetGroupName: "DBSubnetGroupName",
  dedicatedLogVolume: "DedicatedLogVolume",
  domain: "Domain",
  domainAuthSecretArn: "DomainAuthSecretArn",
  domainDnsIps: "DomainDnsIps",
  domainFqdn: "DomainFqdn",
  domainIamRoleName: "DomainIAMRoleName",
  domainOu: "DomainOu",
  enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
  iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
  iops: "Iops",
  monitoringInterval: "MonitoringInterval",
  monitoringRoleArn: "MonitoringRoleArn",
  multiAz: "MultiAZ",
  networkType: "NetworkType",
  optionGroupName: "OptionGroupName",
  performanceInsightsEnabled: "EnablePerformanceInsights",
  performanceInsightsKmsKeyId: "PerformanceInsightsKMSKeyId",
  performanceInsightsRetentionPeriod: "PerformanceInsightsRetentionPeriod",
  port: "Port",
  storageThroughput: "StorageThroughput",
  storageType: "StorageType",
  vpcSecurityGroupIds: "VpcSecurityGroupIds",
} as const satisfies Names<CreateDBInstanceReadReplicaMessage>;

const replicaNames: Names<CreateDBInstanceReadReplicaMessage> = {
  ...sharedNames,
  replicaMode: "ReplicaMode",
  upgradeStorageConfig: "UpgradeStorageConfig",
};

const plainNames: Names<CreateDBInstanceMessage> = {
  ...sharedNames,
  backupTarget: "BackupTarget",
  backupWindow: "PreferredBackupWindow",
  characterSetName: "CharacterSetName",
  caCertIdentifier: "CACertificateIdentifier",
  dbName: "DBName",
  engineLifecycleSupport: "EngineLifecycleSupport",
  engineVersion: "EngineVersion",
  kmsKeyId: "KmsKeyId",
  licenseModel: "LicenseModel",
  maintenanceWindow: "PreferredMaintenanceWindow",
  manageMasterUserPassword: "ManageMasterUserPassword",
  masterUserSecretKmsKeyId: "MasterUserSecretKmsKeyId",
  maxAllocatedStorage: "MaxAllocatedStorage",
  ncharCharacterSetName: "NcharCharacterSetName",
  parameterGroupName: "DBParameterGroupName",
  timezone: "Timezone",
};

const modifiedNames: Names<ModifyDBInstanceMessage> = {
  allocatedStorage: "AllocatedStorage",
  autoMinorVersionUpgrade: "AutoMinorVersionUpgrade",
  backupRetentionPeriod: "BackupRetentionPeriod",
  backupWindow: "PreferredBackupWindow",
  caCertIdentifier: "CACertificateIdentifier",
  copyTagsToSnapshot: "CopyTagsToSnapshot",
  customerOwnedIpEnabled: "EnableCustomerOwnedIp",
  databaseInsightsMode: "DatabaseInsightsMode",
  dbSubnetGroupName: "DBSubnetGroupName",
  dedicatedLogVolume: "DedicatedLogVolume",
  engineVersion: "EngineVersion",
  iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
  instanceClass: "DBInstanceClass",
  iops: "Iops",
  licenseModel: "LicenseModel",
  maintenanceWindow: "PreferredMaintenanceWindow",
  manageMasterUserPassword: "ManageMasterUserPassword",
  masterUserSecretKmsKeyId: "MasterUserSecretKmsKeyId",
  maxAllocatedStorage: "MaxAllocatedStorage",
  monitoringInterval: "MonitoringInterval",
  monitoringRoleArn: "MonitoringRoleArn",
  multiAz: "MultiAZ",
  networkType: "NetworkType",
  optionGroupName: "OptionGroupName",
  parameterGroupName: "DBParameterGroupName",
  performanceInsightsEnabled: "EnablePerformanceInsights",
  performanceInsightsKmsKeyId: "PerformanceInsightsKMSKeyId",
  performanceInsightsRetentionPeriod: "PerformanceInsightsRetentionPeriod",
  port: "DBPortNumber",
  publiclyAccessible: "PubliclyAccessible",
  replicaMode: "ReplicaMode",
  storageThroughput: "StorageThroughput",
  storageType: "StorageType",
  vpcSecurityGroupIds: "VpcSecurityGroupIds",
};

/** Changes that no ModifyDBInstance carries. */
const unmodified: ReadonlySet<string> = new Set([
  "allowMajorVersionUpgrade",
  "blueGreenUpdate",
  "deleteAutomatedBackups",
  "finalSnapshotIdentifier",
  "replicateSourceDb",
  "skipFinalSnapshot",
  "tags",
  "tagsAll",
]);

const setValues = <Message>(properties: PropertyMap, names: Names<Message>): Partial<Message> =>
  Object.fromEntries(
    Object.entries(names)
      .filter(([property]) => !isBlank(properties[property]))
      .map(([property, parameter]) => [parameter, properties[property]]),
  ) as Partial<Message>;

const tagList = (inputs: PropertyMap) =>
  Object.entries(textMap(inputs, "tagsAll")).map(([Key, Value]) => ({ Key, Value }));

const alwaysSent = (inputs: PropertyMap) => ({
  AutoMinorVersionUpgrade: flag(inputs, "autoMinorVersionUpgrade") ?? true,
  CopyTagsToSnapshot: flag(inputs, "copyTagsToSnapshot") ?? false,
  DBInstanceClass: requiredText(inputs, "instanceClass"),
  DBInstanceIdentifier: requiredText(inputs, "identifier"),
  DeletionProtection: flag(inputs, "deletionProtection") ?? false,
  PubliclyAccessible: flag(inputs, "publiclyAccessible") ?? false,
  Tags: tagList(inputs),
});

/** The Region of a source named by ARN. */
export const sourceRegionOf = (source: string): string | undefined =>
  source.startsWith("arn:") ? source.split(":")[3] : undefined;

/** Only a key makes the provider name the source's Region, even for a source named by ARN. */
export const replicaRequest = (
  inputs: PropertyMap,
  region: string,
): CreateDBInstanceReadReplicaMessage => {
  const source = requiredText(inputs, "replicateSourceDb");
  const sourceRegion = sourceRegionOf(source);
  const key = text(inputs, "kmsKeyId");
  const parameterGroup = text(inputs, "parameterGroupName");
  const abroad = sourceRegion !== undefined && sourceRegion !== region;
  return {
    ...setValues(inputs, replicaNames),
    ...alwaysSent(inputs),
    SourceDBInstanceIdentifier: source,
    ...(key ? { KmsKeyId: key, SourceRegion: sourceRegion } : {}),
    ...(parameterGroup && abroad ? { DBParameterGroupName: parameterGroup } : {}),
  };
};

const masterPassword = (inputs: PropertyMap) => {
  const password = text(inputs, "password") ?? text(inputs, "passwordWo");
  return password === undefined ? {} : { MasterUserPassword: password };
};

const neededByPlain = [
  ["allocatedStorage", "allocated_storage"],
  ["engine", "engine"],
  ["username", "username"],
] as const;

/** Throws for what only a database of its own needs: the provider notices at apply, not at Check. */
export const plainRequest = (inputs: PropertyMap): CreateDBInstanceMessage => {
  for (const [property, argument] of neededByPlain) {
    if (isBlank(inputs[property])) throw new Error(`"${argument}": required field is not set`);
  }
  return {
    ...setValues(inputs, plainNames),
    ...alwaysSent(inputs),
    ...masterPassword(inputs),
    AllocatedStorage: number(inputs, "allocatedStorage"),
    BackupRetentionPeriod: number(inputs, "backupRetentionPeriod") ?? 0,
    Engine: requiredText(inputs, "engine"),
    MasterUsername: requiredText(inputs, "username"),
    StorageEncrypted: flag(inputs, "storageEncrypted") ?? false,
  };
};

const adjustedOnReplica: Names<ModifyDBInstanceMessage> = {
  backupRetentionPeriod: "BackupRetentionPeriod",
  backupWindow: "PreferredBackupWindow",
  caCertIdentifier: "CACertificateIdentifier",
  maintenanceWindow: "PreferredMaintenanceWindow",
  maxAllocatedStorage: "MaxAllocatedStorage",
  parameterGroupName: "DBParameterGroupName",
};

const alwaysOnReplica: Names<ModifyDBInstanceMessage> = {
  manageMasterUserPassword: "ManageMasterUserPassword",
  masterUserSecretKmsKeyId: "MasterUserSecretKmsKeyId",
};

/**
 * What CreateDBInstanceReadReplica did not take over, as the modification that follows it; undefined when nothing is left.
 * `made` is the create call's answer in the provider's own property names.
 */
export const replicaAdjustment = (
  inputs: PropertyMap,
  made: PropertyMap,
): ModifyDBInstanceMessage | undefined => {
  const differing = Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => value !== made[name]),
  );
  const adjustment = {
    ...setValues(differing, adjustedOnReplica),
    ...setValues(inputs, alwaysOnReplica),
    ...masterPassword(inputs),
    ...(text(inputs, "replicaMode") ? { ReplicaMode: text(inputs, "replicaMode") } : {}),
  };
  if (Object.keys(adjustment).length === 0) return undefined;
  return {
    DBInstanceIdentifier: requiredText(inputs, "identifier"),
    ApplyImmediately: true,
    ...adjustment,
  } as ModifyDBInstanceMessage;
};

const logExports = (state: PropertyMap, planned: PropertyMap) => {
  const [old, wanted] = [
    texts(state, "enabledCloudwatchLogsExports"),
    texts(planned, "enabledCloudwatchLogsExports"),
  ];
  return {
    CloudwatchLogsExportConfiguration: {
      EnableLogTypes: wanted.filter((name) => !old.includes(name)),
      DisableLogTypes: old.filter((name) => !wanted.includes(name)),
    },
  };
};

/** Removing an input that AWS does not compute turns the thing off. */
const turnedOff: Readonly<Record<string, boolean | number>> = {
  customerOwnedIpEnabled: false,
  iamDatabaseAuthenticationEnabled: false,
  maxAllocatedStorage: 0,
};

/** The changed fields of an existing database; undefined when none of the changes is one for AWS. */
export const modification = (
  state: PropertyMap,
  planned: PropertyMap,
  changed: ReadonlySet<string>,
): ModifyDBInstanceMessage | undefined => {
  const names = [...changed].filter((name) => !unmodified.has(name));
  if (names.length === 0) return undefined;
  const values = Object.fromEntries(
    names.flatMap((name) => {
      const parameter = modifiedNames[name];
      const value = planned[name] ?? turnedOff[name];
      return parameter && value !== undefined ? [[parameter, value]] : [];
    }),
  );
  return {
    ...values,
    DBInstanceIdentifier: requiredText(state, "identifier"),
    ApplyImmediately: flag(planned, "applyImmediately") ?? false,
    DeletionProtection: flag(planned, "deletionProtection") ?? false,
    ...(changed.has("allocatedStorage") || changed.has("engineVersion")
      ? { AllowMajorVersionUpgrade: flag(planned, "allowMajorVersionUpgrade") ?? false }
      : {}),
    ...(changed.has("identifier")
      ? { NewDBInstanceIdentifier: requiredText(planned, "identifier") }
      : {}),
    ...(changed.has("password") || changed.has("passwordWoVersion") ? masterPassword(planned) : {}),
    ...(changed.has("enabledCloudwatchLogsExports") ? logExports(state, planned) : {}),
  };
};

/** Whether a blue/green switch-over was asked for, which is not modelled. */
export const wantsBlueGreen = (planned: PropertyMap): boolean =>
  flag(nested(planned, "blueGreenUpdate") ?? {}, "enabled") === true;
