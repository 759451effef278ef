import type { DBInstance } from "@aws-sdk/client-rds";
import { type PropertyMap, type PropertyValue, text } from "../property-values.ts";

const withoutUndefined = (list: readonly (string | undefined)[] | undefined): string[] =>
  (list ?? []).filter((each) => each !== undefined).sort();

/** A bare source identifier becomes an ARN when the program named the source by ARN. */
const sourceOf = (database: DBInstance, state: PropertyMap): string => {
  const source = database.ReadReplicaSourceDBInstanceIdentifier ?? "";
  const named = text(state, "replicateSourceDb");
  if (source === "" || source.startsWith("arn:") || !named?.startsWith("arn:")) return source;
  return [...named.split(":").slice(0, 6), source].join(":");
};

/** A configured prefix of the version, such as `8.4`, is kept. */
const versionOf = (database: DBInstance, state: PropertyMap): string | undefined => {
  const configured = text(state, "engineVersion");
  const actual = database.EngineVersion;
  return configured && actual?.startsWith(configured) ? configured : actual;
};

/** Absent on purpose: what AWS never tells, such as the password. */
const endpointOf = ({ Endpoint }: DBInstance): PropertyMap => ({
  address: Endpoint?.Address,
  endpoint: Endpoint?.Address && Endpoint.Port ? `${Endpoint.Address}:${Endpoint.Port}` : undefined,
  hostedZoneId: Endpoint?.HostedZoneId,
  port: Endpoint?.Port,
});

const storageOf = (database: DBInstance): PropertyMap => ({
  allocatedStorage: database.AllocatedStorage,
  dedicatedLogVolume: database.DedicatedLogVolume ?? false,
  iops: database.Iops,
  kmsKeyId: database.KmsKeyId,
  maxAllocatedStorage: database.MaxAllocatedStorage,
  storageEncrypted: database.StorageEncrypted ?? false,
  storageThroughput: database.StorageThroughput,
  storageType: database.StorageType,
});

const upkeepOf = (database: DBInstance): PropertyMap => ({
  autoMinorVersionUpgrade: database.AutoMinorVersionUpgrade,
  backupRetentionPeriod: database.BackupRetentionPeriod,
  backupTarget: database.BackupTarget,
  backupWindow: database.PreferredBackupWindow,
  caCertIdentifier: database.CACertificateIdentifier,
  copyTagsToSnapshot: database.CopyTagsToSnapshot ?? false,
  deletionProtection: database.DeletionProtection ?? false,
  enabledCloudwatchLogsExports: withoutUndefined(database.EnabledCloudwatchLogsExports),
  latestRestorableTime: database.LatestRestorableTime?.toISOString(),
  maintenanceWindow: database.PreferredMaintenanceWindow,
  monitoringInterval: database.MonitoringInterval ?? 0,
  monitoringRoleArn: database.MonitoringRoleArn,
  performanceInsightsEnabled: database.PerformanceInsightsEnabled ?? false,
  performanceInsightsKmsKeyId: database.PerformanceInsightsKMSKeyId,
  performanceInsightsRetentionPeriod: database.PerformanceInsightsRetentionPeriod,
});

const placeOf = (database: DBInstance): PropertyMap => ({
  availabilityZone: database.AvailabilityZone,
  dbSubnetGroupName: database.DBSubnetGroup?.DBSubnetGroupName,
  multiAz: database.MultiAZ,
  networkType: database.NetworkType,
  publiclyAccessible: database.PubliclyAccessible ?? false,
  vpcSecurityGroupIds: withoutUndefined(
    database.VpcSecurityGroups?.map((group) => group.VpcSecurityGroupId),
  ),
});

const tagsOf = (database: DBInstance): PropertyValue =>
  Object.fromEntries((database.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** The provider's outputs of a database. `state` decides between spellings of the same thing. */
export const databaseState = (database: DBInstance, state: PropertyMap): PropertyMap => ({
  ...endpointOf(database),
  ...storageOf(database),
  ...upkeepOf(database),
  ...placeOf(database),
  arn: database.DBInstanceArn,
  characterSetName: database.CharacterSetName,
  customerOwnedIpEnabled: database.CustomerOwnedIpEnabled ?? false,
  databaseInsightsMode: database.DatabaseInsightsMode,
  dbName: database.DBName,
  engine: database.Engine,
  engineLifecycleSupport: database.EngineLifecycleSupport,
  engineVersion: versionOf(database, state),
  engineVersionActual: database.EngineVersion,
  iamDatabaseAuthenticationEnabled: database.IAMDatabaseAuthenticationEnabled ?? false,
  id: database.DbiResourceId,
  identifier: database.DBInstanceIdentifier,
  instanceClass: database.DBInstanceClass,
  licenseModel: database.LicenseModel,
  optionGroupName: database.OptionGroupMemberships?.[0]?.OptionGroupName,
  parameterGroupName: database.DBParameterGroups?.[0]?.DBParameterGroupName,
  replicaMode: database.ReplicaMode,
  replicas: withoutUndefined(database.ReadReplicaDBInstanceIdentifiers),
  replicateSourceDb: sourceOf(database, state),
  resourceId: database.DbiResourceId,
  status: database.DBInstanceStatus,
  tags: tagsOf(database),
  timezone: database.Timezone,
  username: database.MasterUsername,
});
