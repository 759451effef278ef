import type { InstanceSettings } from "./instance.ts";

/** Parameters of create and modify calls whose name is not that of the description. */
const renamed: Readonly<Record<string, keyof InstanceSettings>> = {
  EnableIAMDatabaseAuthentication: "IAMDatabaseAuthenticationEnabled",
  EnablePerformanceInsights: "PerformanceInsightsEnabled",
};

const kept: ReadonlySet<string> = new Set<keyof InstanceSettings>([
  "AllocatedStorage",
  "AutoMinorVersionUpgrade",
  "AvailabilityZone",
  "CACertificateIdentifier",
  "CopyTagsToSnapshot",
  "DBInstanceClass",
  "DatabaseInsightsMode",
  "DedicatedLogVolume",
  "DeletionProtection",
  "EngineVersion",
  "IAMDatabaseAuthenticationEnabled",
  "Iops",
  "LicenseModel",
  "MaxAllocatedStorage",
  "MonitoringInterval",
  "MonitoringRoleArn",
  "MultiAZ",
  "NetworkType",
  "PerformanceInsightsEnabled",
  "PreferredBackupWindow",
  "PreferredMaintenanceWindow",
  "PubliclyAccessible",
  "StorageThroughput",
  "StorageType",
]);

/** The settings that a call states, under the names of the description. */
export const settingsFrom = (input: object): Partial<InstanceSettings> =>
  Object.fromEntries(
    Object.entries(input)
      .map(([name, value]) => [renamed[name] ?? name, value] as const)
      .filter(([name, value]) => kept.has(name) && value !== undefined),
  );
