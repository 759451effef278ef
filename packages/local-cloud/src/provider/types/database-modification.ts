import type { ModifyDBInstanceMessage } from "@aws-sdk/client-rds";
import { flag, nested, type PropertyMap, requiredText, text, texts } from "../property-values.ts";
import { masterPassword, type Names, setValues } from "./database-parameters.ts";

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
