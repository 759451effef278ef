import type {
  CreateDBInstanceReadReplicaMessage,
  CreateDBInstanceReadReplicaResult,
} from "@aws-sdk/client-rds";
import { serviceUnavailable } from "../gate.ts";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { tagMapOf } from "../tag-map.ts";
import type { RdsContext } from "./context.ts";
import { newResourceId } from "./create-instance.ts";
import { newIdentifier, parameterGroupFor, requireKey } from "./creation-rules.ts";
import { invalidCombination, invalidInstanceState } from "./errors.ts";
import { addressOf, type DatabaseInstance } from "./instance.ts";
import { instanceView } from "./instance-view.ts";
import { serverOf, transition } from "./lifecycle.ts";
import { parseArn } from "./names.ts";
import { mergedParameters } from "./parameter-group.ts";
import { settingsFrom } from "./settings.ts";

/** The source when a replica can be made from it: RDS asks the source's own Region, so that a lost one has no replicas to give. */
function readySource(rds: RdsContext, region: string, reference: string): DatabaseInstance {
  const sourceRegion = parseArn(reference)?.region ?? region;
  if (!rds.background.isReachable(sourceRegion)) throw serviceUnavailable();
  const source = rds.store.instance(sourceRegion, reference);
  if (source.status !== "available")
    throw invalidInstanceState(
      `Source database instance ${source.identifier} is not in available state (it is ${source.status}).`,
    );
  if (source.backupRetentionDays === 0)
    throw invalidInstanceState(
      "Automated backups are not enabled for this database instance. To enable automated backups, use ModifyDBInstance to set the backup retention period to a non-zero value.",
    );
  return source;
}

/** Keys are Regional: a replica in another Region needs one of its own, and there is no encrypting or decrypting on the way. */
function replicaKey(
  rds: RdsContext,
  region: string,
  source: DatabaseInstance,
  asked: string | undefined,
): string | undefined {
  const isEncrypted = source.settings.StorageEncrypted === true;
  if (!isEncrypted && asked !== undefined)
    throw invalidCombination(
      "You can't create an encrypted read replica of an unencrypted DB instance.",
    );
  if (!isEncrypted) return undefined;
  if (source.region === region) return source.settings.KmsKeyId;
  if (asked === undefined)
    throw invalidCombination(
      "KmsKeyId of the destination Region must be specified to create a cross-Region read replica of an encrypted DB instance.",
    );
  return requireKey(rds, region, asked);
}

function newReplica(
  rds: RdsContext,
  region: string,
  source: DatabaseInstance,
  input: CreateDBInstanceReadReplicaMessage,
): DatabaseInstance {
  const isSameRegion = source.region === region;
  const asked = input.DBParameterGroupName ?? (isSameRegion ? source.parameterGroup : undefined);
  const group = parameterGroupFor(rds, region, source.settings.EngineVersion ?? "", asked);
  if (input.DBSubnetGroupName) rds.store.subnetGroup(region, input.DBSubnetGroupName);
  return {
    region,
    resourceId: newResourceId(),
    createdAt: new Date(),
    tags: tagMapOf(input.Tags),
    identifier: newIdentifier(rds, region, input.DBInstanceIdentifier),
    status: "creating",
    settings: {
      ...source.settings,
      AvailabilityZone: `${region}a`,
      DeletionProtection: false,
      MultiAZ: false,
      ...settingsFrom(input),
      KmsKeyId: replicaKey(rds, region, source, input.KmsKeyId),
    },
    pending: {},
    backupRetentionDays: 0,
    parameterGroup: group.name,
    parameterStatus: "in-sync",
    parameters: mergedParameters(group),
    subnetGroup:
      input.DBSubnetGroupName?.toLowerCase() ?? (isSameRegion ? source.subnetGroup : undefined),
    securityGroupIds: input.VpcSecurityGroupIds ?? (isSameRegion ? source.securityGroupIds : []),
    source,
    server: undefined,
  };
}

export const createReplicaOperation = (rds: RdsContext): Readonly<Record<string, Operation>> => ({
  CreateDBInstanceReadReplica: operation<
    CreateDBInstanceReadReplicaMessage,
    CreateDBInstanceReadReplicaResult
  >(async (input, { region }) => {
    const source = readySource(rds, region, input.SourceDBInstanceIdentifier ?? "");
    const sourceServer = serverOf(source);
    const replica = newReplica(rds, region, source, input);
    rds.store.in(region).instances.set(replica.identifier, replica);
    transition(rds, replica, "creating", async () => {
      await rds.background.untilReachable(source.region);
      replica.server = await rds.servers.createReplica({
        region,
        endpoint: addressOf(replica),
        parameters: replica.parameters,
        source: sourceServer,
      });
      await rds.background.sleep(rds.dials.databaseCreationSeconds);
    });
    return { DBInstance: await instanceView(rds, replica) };
  }),
});
