import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
} from "@aws-sdk/client-rds";
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
} from "@aws-sdk/client-route-53";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { LocalCloud } from "@standby/local-cloud";
import type { Somebody } from "./by-hand.ts";
import { untilStatus } from "./rds-by-hand.ts";

/*
 * What somebody else made before this program came: a database and its copy, a zone and a record.
 */

const password = "a-password-of-theirs";

/** In us-east-1; returns its address. */
export async function makeSource(cloud: LocalCloud, east: Somebody): Promise<string> {
  await east.rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "legacy",
      DBInstanceClass: "db.t4g.medium",
      Engine: "mysql",
      EngineVersion: "8.4.5",
      AllocatedStorage: 100,
      DBName: "orders",
      MasterUsername: "theirs",
      MasterUserPassword: password,
      StorageEncrypted: true,
      BackupRetentionPeriod: 7,
    }),
  );
  await untilStatus(cloud, "us-east-1", "legacy", "available");
  return (await describeDatabase(east, "legacy")).Endpoint?.Address ?? "";
}

/** In us-west-2. */
export async function makeReplica(
  cloud: LocalCloud,
  east: Somebody,
  west: Somebody,
): Promise<void> {
  const { KeyMetadata: key } = await west.kms.send(new CreateKeyCommand({}));
  await west.rds.send(
    new CreateDBInstanceReadReplicaCommand({
      DBInstanceIdentifier: "legacy-copy",
      SourceDBInstanceIdentifier: (await describeDatabase(east, "legacy")).DBInstanceArn,
      KmsKeyId: key?.Arn,
    }),
  );
  await untilStatus(cloud, "us-west-2", "legacy-copy", "available");
}

/** Returns its id. */
export async function makeZone({ route53 }: Somebody): Promise<string> {
  const { HostedZone: zone } = await route53.send(
    new CreateHostedZoneCommand({
      Name: "orders.internal",
      CallerReference: "theirs",
      VPC: { VPCId: "vpc-0east", VPCRegion: "us-east-1" },
    }),
  );
  return zone?.Id?.split("/").at(-1) ?? "";
}

export async function makeRecord(
  { route53 }: Somebody,
  zoneId: string,
  name: string,
  target: string,
): Promise<void> {
  const change: Change = {
    Action: "CREATE",
    ResourceRecordSet: {
      Name: name,
      Type: "CNAME",
      TTL: 300,
      ResourceRecords: [{ Value: target }],
    },
  };
  await route53.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      ChangeBatch: { Changes: [change] },
    }),
  );
}

/** The credentials of the database, behind the name. */
export async function putSecret({ secretsManager }: Somebody, host: string): Promise<void> {
  const value = { engine: "mysql", host, username: "theirs", password, dbname: "orders" };
  await secretsManager.send(
    new PutSecretValueCommand({
      SecretId: "orders-prod/database",
      SecretString: JSON.stringify(value),
    }),
  );
}

export async function describeDatabase({ rds }: Somebody, identifier: string): Promise<DBInstance> {
  const { DBInstances: [found] = [] } = await rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }),
  );
  if (!found) throw new Error(`no database ${identifier}`);
  // It moves by itself.
  const { LatestRestorableTime, ...database } = found;
  return database;
}
