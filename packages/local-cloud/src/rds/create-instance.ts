import type { CreateDBInstanceMessage, CreateDBInstanceResult } from "@aws-sdk/client-rds";
import { randomCharacters } from "../identifiers.ts";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { tagMapOf } from "../tag-map.ts";
import type { RdsContext } from "./context.ts";
import {
  checkNewInstance,
  newIdentifier,
  parameterGroupFor,
  requireKey,
} from "./creation-rules.ts";
import { defaultSettings, engineVersionOf } from "./defaults.ts";
import { addressOf, type DatabaseInstance } from "./instance.ts";
import { instanceView } from "./instance-view.ts";
import { transition } from "./lifecycle.ts";
import { mergedParameters } from "./parameter-group.ts";
import { settingsFrom } from "./settings.ts";

export const newResourceId = (): string => `db-${randomCharacters(26, "capitals")}`;

function newInstance(
  rds: RdsContext,
  region: string,
  input: CreateDBInstanceMessage,
): DatabaseInstance {
  const version = engineVersionOf(input.EngineVersion);
  const group = parameterGroupFor(rds, region, version, input.DBParameterGroupName);
  const isEncrypted = input.StorageEncrypted === true || input.KmsKeyId !== undefined;
  if (input.DBSubnetGroupName) rds.store.subnetGroup(region, input.DBSubnetGroupName);
  return {
    region,
    resourceId: newResourceId(),
    createdAt: new Date(),
    tags: tagMapOf(input.Tags),
    identifier: newIdentifier(rds, region, input.DBInstanceIdentifier),
    status: "creating",
    settings: {
      ...defaultSettings(region),
      ...settingsFrom(input),
      MasterUsername: input.MasterUsername,
      DBName: input.DBName,
      EngineVersion: version,
      StorageEncrypted: isEncrypted,
      KmsKeyId: isEncrypted ? requireKey(rds, region, input.KmsKeyId) : undefined,
    },
    pending: {},
    backupRetentionDays: input.BackupRetentionPeriod ?? 1,
    parameterGroup: group.name,
    parameterStatus: "in-sync",
    parameters: mergedParameters(group),
    subnetGroup: input.DBSubnetGroupName?.toLowerCase(),
    securityGroupIds: input.VpcSecurityGroupIds ?? [],
    source: undefined,
    server: undefined,
  };
}

export const createInstanceOperation = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  CreateDBInstance: operation<CreateDBInstanceMessage, CreateDBInstanceResult>(
    async (input, { region }) => {
      checkNewInstance(input);
      const instance = newInstance(rds, region, input);
      rds.store.in(region).instances.set(instance.identifier, instance);
      transition(rds, instance, "creating", async () => {
        instance.server = await rds.servers.create({
          region,
          endpoint: addressOf(instance),
          parameters: instance.parameters,
          masterUsername: input.MasterUsername ?? "",
          masterPassword: input.MasterUserPassword ?? "",
          ...(input.DBName === undefined ? {} : { databaseName: input.DBName }),
        });
        await rds.background.sleep(rds.dials.databaseCreationSeconds);
      });
      return { DBInstance: await instanceView(rds, instance) };
    },
  ),
});
