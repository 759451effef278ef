import type { DBInstance } from "@aws-sdk/client-rds";
import type { DatabaseParameters, DatabaseServer } from "../data-planes.ts";
import type { TagMap } from "../tag-map.ts";
import { arnOf, endpointOf } from "./names.ts";

/** What is told about an instance and kept as it was given, without an effect on its server. */
export type InstanceSettings = Pick<
  DBInstance,
  | "AllocatedStorage"
  | "AutoMinorVersionUpgrade"
  | "AvailabilityZone"
  | "CACertificateIdentifier"
  | "CopyTagsToSnapshot"
  | "DBInstanceClass"
  | "DBName"
  | "DatabaseInsightsMode"
  | "DedicatedLogVolume"
  | "DeletionProtection"
  | "EngineVersion"
  | "IAMDatabaseAuthenticationEnabled"
  | "Iops"
  | "KmsKeyId"
  | "LicenseModel"
  | "MasterUsername"
  | "MaxAllocatedStorage"
  | "MonitoringInterval"
  | "MonitoringRoleArn"
  | "MultiAZ"
  | "NetworkType"
  | "PerformanceInsightsEnabled"
  | "PreferredBackupWindow"
  | "PreferredMaintenanceWindow"
  | "PubliclyAccessible"
  | "StorageEncrypted"
  | "StorageThroughput"
  | "StorageType"
>;

type ParameterStatus = "in-sync" | "applying" | "pending-reboot" | "failed-to-apply";

export interface DatabaseInstance {
  readonly region: string;
  /** `db-…`: the one name that never changes. */
  readonly resourceId: string;
  readonly createdAt: Date;
  readonly tags: TagMap;
  identifier: string;
  status: string;
  settings: InstanceSettings;
  /** Asked for without ApplyImmediately: they wait for a maintenance window, which never comes here. */
  pending: Partial<InstanceSettings> & { BackupRetentionPeriod?: number };
  backupRetentionDays: number;
  parameterGroup: string;
  parameterStatus: ParameterStatus;
  /** What the server runs with; the group may be ahead of it until a restart. */
  parameters: DatabaseParameters;
  subnetGroup: string | undefined;
  securityGroupIds: readonly string[];
  /** The instance that this one is a replica of. */
  source: DatabaseInstance | undefined;
  /** Undefined until the server is up. */
  server: DatabaseServer | undefined;
}

export const databasePort = 3306;

export const instanceArn = ({ region, identifier }: DatabaseInstance): string =>
  arnOf(region, "db", identifier);

export const addressOf = ({ region, identifier }: DatabaseInstance): string =>
  endpointOf(region, identifier);
