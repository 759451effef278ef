import type { DBSnapshot } from "@aws-sdk/client-rds";
import type { TagMap } from "../tag-map.ts";
import { type DatabaseInstance, databasePort } from "./instance.ts";
import { arnOf } from "./names.ts";

/** That a snapshot exists: its data is not kept, so that it cannot be restored. */
export interface Snapshot {
  readonly region: string;
  readonly identifier: string;
  readonly createdAt: Date;
  readonly tags: TagMap;
  readonly view: DBSnapshot;
}

export function takeSnapshot(
  instance: DatabaseInstance,
  identifier: string,
  tags: TagMap,
): Snapshot {
  const { settings, region } = instance;
  const createdAt = new Date();
  return {
    region,
    identifier,
    createdAt,
    tags,
    view: {
      DBSnapshotIdentifier: identifier,
      DBInstanceIdentifier: instance.identifier,
      DbiResourceId: instance.resourceId,
      DBSnapshotArn: arnOf(region, "snapshot", identifier),
      SnapshotCreateTime: createdAt,
      InstanceCreateTime: instance.createdAt,
      Engine: "mysql",
      EngineVersion: settings.EngineVersion,
      AllocatedStorage: settings.AllocatedStorage,
      Status: "available",
      Port: databasePort,
      MasterUsername: settings.MasterUsername,
      SnapshotType: "manual",
      PercentProgress: 100,
      StorageType: settings.StorageType,
      Encrypted: settings.StorageEncrypted,
      KmsKeyId: settings.KmsKeyId,
    },
  };
}
