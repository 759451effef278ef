import type { ModifyDBInstanceMessage, ModifyDBInstanceResult } from "@aws-sdk/client-rds";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import type { RdsContext } from "./context.ts";
import {
  checkBackupRetention,
  checkPassword,
  newIdentifier,
  parameterGroupFor,
} from "./creation-rules.ts";
import { invalidCombination, invalidInstanceState, notModelled } from "./errors.ts";
import type { DatabaseInstance, InstanceSettings } from "./instance.ts";
import { instanceView } from "./instance-view.ts";
import { requireAvailable, serverOf, transition } from "./lifecycle.ts";
import { settingsFrom } from "./settings.ts";

/** Without ApplyImmediately these wait for the maintenance window; everything else is applied at once. */
const deferrable: ReadonlySet<string> = new Set<keyof InstanceSettings>([
  "AllocatedStorage",
  "CACertificateIdentifier",
  "DBInstanceClass",
  "EngineVersion",
  "Iops",
  "MultiAZ",
  "StorageThroughput",
  "StorageType",
]);

function check(rds: RdsContext, instance: DatabaseInstance, input: ModifyDBInstanceMessage): void {
  requireAvailable(instance);
  checkBackupRetention(input.BackupRetentionPeriod);
  if (input.BackupRetentionPeriod === 0 && rds.store.replicasOf(instance).length > 0)
    throw invalidInstanceState(
      `Automated backups of ${instance.identifier} cannot be disabled because it has read replicas.`,
    );
  if (input.ManageMasterUserPassword === true)
    throw notModelled("ModifyDBInstance with ManageMasterUserPassword");
  if (input.MasterUserPassword === undefined) return;
  checkPassword(input.MasterUserPassword);
  // The users of a replica are its source's: a password set here would be overwritten, or stop replication.
  if (instance.source)
    throw invalidCombination("The master user password of a read replica can't be modified.");
}

function changeSettings(instance: DatabaseInstance, input: ModifyDBInstanceMessage): void {
  const asked = Object.entries(settingsFrom(input));
  const now = asked.filter(([name]) => input.ApplyImmediately === true || !deferrable.has(name));
  instance.settings = { ...instance.settings, ...Object.fromEntries(now) };
  const changed = asked
    .filter((entry) => !now.includes(entry))
    .filter(([name, value]) => instance.settings[name as keyof InstanceSettings] !== value);
  const kept = Object.entries(instance.pending).filter(
    ([name]) => !now.some(([key]) => key === name),
  );
  instance.pending = Object.fromEntries([...kept, ...changed]);
}

/** Turning backups on or off takes a short outage, so that it waits; another number of days does not. */
function changeBackups(instance: DatabaseInstance, input: ModifyDBInstanceMessage): void {
  const days = input.BackupRetentionPeriod;
  if (days === undefined) return;
  const isSwitch = (days === 0) !== (instance.backupRetentionDays === 0);
  if (isSwitch && input.ApplyImmediately !== true) instance.pending.BackupRetentionPeriod = days;
  else instance.backupRetentionDays = days;
}

function changeGroups(
  rds: RdsContext,
  instance: DatabaseInstance,
  input: ModifyDBInstanceMessage,
): void {
  const { region } = instance;
  const asked = input.DBParameterGroupName?.toLowerCase();
  if (asked !== undefined && asked !== instance.parameterGroup) {
    const version = instance.settings.EngineVersion ?? "";
    instance.parameterGroup = parameterGroupFor(rds, region, version, asked).name;
    instance.parameterStatus = "pending-reboot";
  }
  if (input.DBSubnetGroupName !== undefined)
    instance.subnetGroup = rds.store.subnetGroup(region, input.DBSubnetGroupName).name;
  instance.securityGroupIds = input.VpcSecurityGroupIds ?? instance.securityGroupIds;
}

/** Returns the new identifier when the instance is to be renamed now. */
function renaming(
  rds: RdsContext,
  instance: DatabaseInstance,
  input: ModifyDBInstanceMessage,
): string | undefined {
  const asked = input.NewDBInstanceIdentifier?.toLowerCase();
  if (asked === undefined || asked === instance.identifier) return undefined;
  if (input.ApplyImmediately !== true)
    throw notModelled("ModifyDBInstance with NewDBInstanceIdentifier in the maintenance window");
  return newIdentifier(rds, instance.region, asked);
}

export const modifyInstanceOperation = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  ModifyDBInstance: operation<ModifyDBInstanceMessage, ModifyDBInstanceResult>(
    async (input, { region }) => {
      const instance = rds.store.instance(region, input.DBInstanceIdentifier);
      check(rds, instance, input);
      const identifier = renaming(rds, instance, input);
      changeGroups(rds, instance, input);
      changeSettings(instance, input);
      changeBackups(instance, input);
      const server = serverOf(instance);
      const { MasterUserPassword: password } = input;
      transition(rds, instance, identifier === undefined ? "modifying" : "renaming", async () => {
        await rds.background.sleep(rds.dials.modificationSeconds);
        if (password !== undefined)
          await server.setMasterPassword(instance.settings.MasterUsername ?? "", password);
        if (identifier !== undefined) rds.store.rename(instance, identifier);
      });
      return { DBInstance: await instanceView(rds, instance) };
    },
  ),
});
