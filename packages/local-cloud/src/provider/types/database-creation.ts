import type {
  CreateDBInstanceMessage,
  CreateDBInstanceReadReplicaMessage,
} from "@aws-sdk/client-rds";
import { isBlank } from "../equality.ts";
import { flag, number, type PropertyMap, requiredText, text, textMap } from "../property-values.ts";
import { tagList } from "../tag-changes.ts";
import { masterPassword, type Names, setValues } from "./database-parameters.ts";

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

const alwaysSent = (inputs: PropertyMap) => ({
  AutoMinorVersionUpgrade: flag(inputs, "autoMinorVersionUpgrade") ?? true,
  CopyTagsToSnapshot: flag(inputs, "copyTagsToSnapshot") ?? false,
  DBInstanceClass: requiredText(inputs, "instanceClass"),
  DBInstanceIdentifier: requiredText(inputs, "identifier"),
  DeletionProtection: flag(inputs, "deletionProtection") ?? false,
  PubliclyAccessible: flag(inputs, "publiclyAccessible") ?? false,
  Tags: tagList(textMap(inputs, "tagsAll")),
});

/** The Region of a source named by ARN. */
const sourceRegionOf = (source: string): string | undefined =>
  source.startsWith("arn:") ? source.split(":")[3] : undefined;

/** The SDK for JavaScript signs the URL for the source's Region by itself: there is no SourceRegion to send. */
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
    ...(key ? { KmsKeyId: key } : {}),
    ...(parameterGroup && abroad ? { DBParameterGroupName: parameterGroup } : {}),
  };
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
