import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateDBInstanceCommand,
  type CreateDBInstanceMessage,
  CreateDBInstanceReadReplicaCommand,
  type CreateDBInstanceReadReplicaMessage,
  type DBInstance,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { DnsAuthority } from "../../src/data-planes.ts";
import { createKms } from "../../src/kms/kms.ts";
import { createRds, type Rds } from "../../src/rds/rds.ts";
import {
  east,
  eventually,
  quickDials,
  startTestCloud,
  type TestCloud,
  west,
} from "../aws-fixture.ts";
import { FakeServers } from "./fake-servers.ts";

export interface RdsCloud extends TestCloud {
  readonly east: RDSClient;
  readonly west: RDSClient;
  readonly eastKey: string;
  readonly westKey: string;
  readonly servers: FakeServers;
  readonly names: DnsAuthority;
  close(): Promise<void>;
}

export async function startRdsCloud(): Promise<RdsCloud> {
  const servers = new FakeServers();
  let rds: Rds | undefined;
  const cloud = await startTestCloud(({ outages, faults }) => {
    const kms = createKms();
    rds = createRds({ servers, dials: quickDials, outages, faults, keys: kms.keys });
    return [kms, rds];
  });
  if (!rds) throw new Error("RDS was not created");
  const service = rds;
  const newKey = async (region: string) => {
    const { KeyMetadata } = await new KMSClient(cloud.clientOptions(region)).send(
      new CreateKeyCommand(),
    );
    return KeyMetadata?.Arn ?? "";
  };
  return {
    ...cloud,
    east: new RDSClient(cloud.clientOptions(east)),
    west: new RDSClient(cloud.clientOptions(west)),
    eastKey: await newKey(east),
    westKey: await newKey(west),
    servers,
    names: service.names,
    close: async () => {
      await cloud.endpoint.close();
      await service.close();
    },
  };
}

export const sourceInput = (cloud: RdsCloud): CreateDBInstanceMessage => ({
  DBInstanceIdentifier: "orders-1",
  DBInstanceClass: "db.t4g.micro",
  Engine: "mysql",
  EngineVersion: "8.4",
  AllocatedStorage: 20,
  MasterUsername: "admin",
  MasterUserPassword: "correct-horse",
  DBName: "orders",
  BackupRetentionPeriod: 7,
  KmsKeyId: cloud.eastKey,
  StorageEncrypted: true,
  Tags: [{ Key: "service", Value: "orders" }],
});

export const sourceArn = "arn:aws:rds:us-east-1:123456789012:db:orders-1";
export const replicaArn = "arn:aws:rds:us-west-2:123456789012:db:orders-1";

export const describeInstance = async (
  client: RDSClient,
  DBInstanceIdentifier = "orders-1",
): Promise<DBInstance> => {
  const { DBInstances } = await client.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier }),
  );
  const [instance] = DBInstances ?? [];
  if (!instance) throw new Error("The answer has no instance.");
  return instance;
};

export const untilStatus = (client: RDSClient, status: string): Promise<DBInstance> =>
  eventually(
    () => describeInstance(client),
    (instance) => instance.DBInstanceStatus === status,
  );

export async function createSource(
  cloud: RdsCloud,
  changes: Partial<CreateDBInstanceMessage> = {},
): Promise<DBInstance> {
  const input = { ...sourceInput(cloud), ...changes };
  await cloud.east.send(new CreateDBInstanceCommand(input as CreateDBInstanceMessage));
  return untilStatus(cloud.east, "available");
}

export const replicaCommand = (
  cloud: RdsCloud,
  changes: Partial<CreateDBInstanceReadReplicaMessage> = {},
): CreateDBInstanceReadReplicaCommand =>
  new CreateDBInstanceReadReplicaCommand({
    DBInstanceIdentifier: "orders-1",
    SourceDBInstanceIdentifier: sourceArn,
    KmsKeyId: cloud.westKey,
    ...changes,
  });

/** Source in the east, replica in the west, both available, the replica with backups. */
export async function createPair(cloud: RdsCloud): Promise<void> {
  await createSource(cloud);
  await cloud.west.send(replicaCommand(cloud));
  await untilStatus(cloud.west, "available");
}
