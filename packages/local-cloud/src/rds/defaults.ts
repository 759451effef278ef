import type { InstanceSettings } from "./instance.ts";

const versions: Readonly<Record<string, string>> = { "8.4": "8.4.7", "8.0": "8.0.44" };
const defaultMajor = "8.4";

/** `8.4` means its newest minor version. */
export const engineVersionOf = (asked: string | undefined): string =>
  versions[asked ?? defaultMajor] ?? asked ?? "";

/** `8.4.7` → `8.4`. */
export const majorOf = (version: string): string => version.split(".").slice(0, 2).join(".");

export const defaultGroupName = (version: string): string => `default.mysql${majorOf(version)}`;

export const defaultSettings = (region: string): InstanceSettings => ({
  AllocatedStorage: 20,
  AutoMinorVersionUpgrade: true,
  AvailabilityZone: `${region}a`,
  CACertificateIdentifier: "rds-ca-rsa2048-g1",
  CopyTagsToSnapshot: false,
  DatabaseInsightsMode: "standard",
  DedicatedLogVolume: false,
  DeletionProtection: false,
  IAMDatabaseAuthenticationEnabled: false,
  LicenseModel: "general-public-license",
  MonitoringInterval: 0,
  MultiAZ: false,
  NetworkType: "IPV4",
  PerformanceInsightsEnabled: false,
  PreferredBackupWindow: "04:00-04:30",
  PreferredMaintenanceWindow: "sun:06:00-sun:06:30",
  PubliclyAccessible: false,
  StorageEncrypted: false,
  StorageType: "gp3",
});
