import type { DBInstance } from "@aws-sdk/client-rds";
import { stableHash } from "../identifiers.ts";
import { tagListOf } from "../tag-map.ts";
import type { RdsContext } from "./context.ts";
import { addressOf, type DatabaseInstance, databasePort, instanceArn } from "./instance.ts";
import { replicationStatusInfos } from "./replication-status-infos.ts";
import { subnetGroupView } from "./subnet-group.ts";

/** Instances of another Region are named by ARN, those of the same one by identifier. */
const nameFor = (reader: DatabaseInstance, other: DatabaseInstance): string =>
  reader.region === other.region ? other.identifier : instanceArn(other);

const dayMilliseconds = 86_400_000;

const networkPart = (rds: RdsContext, instance: DatabaseInstance): Partial<DBInstance> => {
  const group =
    instance.subnetGroup === undefined
      ? undefined
      : rds.store.in(instance.region).subnetGroups.get(instance.subnetGroup);
  return {
    // No endpoint is told before there is a server behind it.
    Endpoint: instance.server && {
      Address: addressOf(instance),
      Port: databasePort,
      HostedZoneId: `Z${stableHash("rds", instance.region).toUpperCase()}`,
    },
    DBSubnetGroup: group && subnetGroupView(group),
    VpcSecurityGroups: instance.securityGroupIds.map((id) => ({
      VpcSecurityGroupId: id,
      Status: "active",
    })),
    DBSecurityGroups: [],
  };
};

const backupPart = (instance: DatabaseInstance): Partial<DBInstance> => ({
  BackupRetentionPeriod: instance.backupRetentionDays,
  BackupTarget: "region",
  LatestRestorableTime:
    instance.backupRetentionDays > 0 && instance.server ? new Date() : undefined,
});

const parameterPart = (instance: DatabaseInstance): Partial<DBInstance> => ({
  DBParameterGroups: [
    {
      DBParameterGroupName: instance.parameterGroup,
      ParameterApplyStatus: instance.parameterStatus,
    },
  ],
  OptionGroupMemberships: [
    {
      OptionGroupName: `default:mysql-${instance.settings.EngineVersion?.split(".").slice(0, 2).join("-")}`,
      Status: "in-sync",
    },
  ],
});

/** An instance as DescribeDBInstances tells it; a replica's replication is asked from its server. */
export async function instanceView(
  rds: RdsContext,
  instance: DatabaseInstance,
): Promise<DBInstance> {
  const { settings, source } = instance;
  return {
    ...settings,
    DBInstanceIdentifier: instance.identifier,
    DBInstanceArn: instanceArn(instance),
    DbiResourceId: instance.resourceId,
    DBInstanceStatus: instance.status,
    Engine: "mysql",
    InstanceCreateTime: instance.createdAt,
    DbInstancePort: 0,
    ...networkPart(rds, instance),
    ...backupPart(instance),
    ...parameterPart(instance),
    PendingModifiedValues: instance.pending,
    ReadReplicaSourceDBInstanceIdentifier: source && nameFor(instance, source),
    ReadReplicaDBInstanceIdentifiers: rds.store
      .replicasOf(instance)
      .map((replica) => nameFor(instance, replica)),
    StatusInfos: source && instance.server ? await replicationStatusInfos(instance.server) : [],
    CertificateDetails: {
      CAIdentifier: settings.CACertificateIdentifier,
      ValidTill: new Date(instance.createdAt.getTime() + 365 * dayMilliseconds),
    },
    CustomerOwnedIpEnabled: false,
    EngineLifecycleSupport: "open-source-rds-extended-support-disabled",
    TagList: tagListOf(instance.tags),
  };
}
