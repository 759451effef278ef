import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeRds } from "./database-service.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";
import { Replay, recorded, recordedFor, typeOf } from "./provider-recording.fixture.ts";
import { FakeRoute53 } from "./record-service.fixture.ts";

const instanceType = "aws:rds/instance:Instance";
const recordType = "aws:route53/record:Record";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
const secretMark = "4dabf18193072939515e22adb298388d";
const noDifference = 1;

let rds: FakeRds;
let route53: FakeRoute53;
let cloud: ProviderCloud;
let replay: Replay;
beforeEach(async () => {
  rds = new FakeRds();
  route53 = new FakeRoute53();
  cloud = await startProviderCloud([rds, route53]);
  replay = new Replay(cloud.port);
  for (const method of ["CheckConfig", "Configure"] as const)
    for (const each of recorded("first up of prod-west", method)) await replay.send(each);
});
afterEach(async () => {
  replay.close();
  await cloud.close();
});

/** What AWS has when a recorded request comes: the replica, and the zone with its record. */
function stand() {
  const { id, olds } = recordedFor("failover", "Update", instanceType).request;
  const old = olds as Readonly<Record<string, string>>;
  rds.databases.push({
    DBInstanceIdentifier: old["identifier"] ?? "",
    DbiResourceId: String(id),
    DBInstanceArn: old["arn"] ?? "",
    DBInstanceStatus: "available",
    DBInstanceClass: old["instanceClass"],
    Engine: "mysql",
    ReadReplicaSourceDBInstanceIdentifier: old["replicateSourceDb"] ?? "",
    TagList: [],
  });
  const record = recordedFor("failover", "Update", recordType).request["olds"] as unknown as {
    readonly zoneId: string;
    readonly name: string;
    readonly records: readonly string[];
  };
  route53.zones.push({
    Id: `/hostedzone/${record.zoneId}`,
    Name: "orders.internal.",
    Config: { Comment: "", PrivateZone: true },
    VPCs: [],
  });
  route53.records.push({
    Name: `${record.name}.`,
    Type: "CNAME",
    TTL: 30,
    ResourceRecords: record.records.map((Value) => ({ Value })),
  });
}

describe("what the engine sends for a program that has not changed", () => {
  it.each(recorded("second up of prod-west", "Check").map((each) => [typeOf(each), each] as const))(
    "is checked to what the state has: %s",
    async (_type, each) => {
      const { inputs, fields } = await replay.send(each);
      expect(fields["failuresList"]).toEqual([]);
      expect(inputs).toEqual(each.request["olds"]);
    },
  );

  it.each(recorded("second up of prod-west", "Diff").map((each) => [typeOf(each), each] as const))(
    "is no difference: %s",
    async (_type, each) => {
      expect((await replay.send(each)).fields).toMatchObject({
        changes: noDifference,
        diffsList: [],
        replacesList: [],
      });
    },
  );

  it("leaves the provider as it is configured", async () => {
    for (const each of recorded("second up of prod-west", "DiffConfig"))
      expect((await replay.send(each)).fields).toMatchObject({ replacesList: [] });
  });
});

describe("the failover's requests", () => {
  it("differ in the database's source and in the record's value, and replace nothing", async () => {
    for (const [type, property] of [
      [instanceType, "replicateSourceDb"],
      [recordType, "records"],
    ] as const) {
      await replay.send(recordedFor("failover", "Check", type));
      const { fields } = await replay.send(recordedFor("failover", "Diff", type));
      expect(fields).toMatchObject({ diffsList: [property], replacesList: [] });
    }
  });

  it("promote the replica with its backups kept, and modify nothing", async () => {
    stand();
    const { properties } = await replay.send(recordedFor("failover", "Update", instanceType));
    expect(rds.last("PromoteReadReplica")).toMatchObject({
      DBInstanceIdentifier: "orders-prod-1",
      BackupRetentionPeriod: 7,
    });
    expect(rds.requests.map(({ operation }) => operation)).not.toContain("ModifyDBInstance");
    expect(properties?.["replicateSourceDb"] ?? "").toBe("");
  });

  it("move the record in one batch, without a moment in which it is not there", async () => {
    stand();
    const update = recordedFor("failover", "Update", recordType);
    await replay.send(update);
    expect(route53.batches).toEqual(["UPSERT"]);
    const { records } = update.request["news"] as unknown as {
      readonly records: readonly string[];
    };
    expect(route53.records.find((set) => set.Type === "CNAME")).toMatchObject({
      ResourceRecords: records.map((Value) => ({ Value })),
    });
  });
});

describe("a first up's requests", () => {
  it("make the source with a password that stays secret", async () => {
    const checked = await replay.send(recordedFor("first up of prod-east", "Check", instanceType));
    expect(checked.inputs?.["password"]).toHaveProperty([secretMark]);
    const made = await replay.send(recordedFor("first up of prod-east", "Create", instanceType));
    expect(rds.last("CreateDBInstance")).toMatchObject({
      MasterUserPassword: "not-a-secret-1",
      StorageEncrypted: true,
      BackupRetentionPeriod: 7,
    });
    expect(made.properties?.["password"]).toHaveProperty([secretMark]);
  });

  it("make the replica of an ARN with the recovery Region's own groups and key", async () => {
    const create = recordedFor("first up of prod-west", "Create", instanceType);
    expect(create.request["timeout"]).toBe(24 * 3600);
    const wanted = create.request["properties"] as Readonly<Record<string, unknown>>;
    await replay.send(create);
    const sent = rds.last("CreateDBInstanceReadReplica");
    expect(sent).toMatchObject({
      SourceDBInstanceIdentifier: "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1",
      KmsKeyId: wanted["kmsKeyId"],
      DBSubnetGroupName: wanted["dbSubnetGroupName"],
      DBParameterGroupName: wanted["parameterGroupName"],
    });
    for (const inherited of ["MasterUsername", "MasterUserPassword", "DBName", "Engine"])
      expect(sent).not.toHaveProperty(inherited);
  });

  it("keep a secret's first value secret", async () => {
    const check = recordedFor("first up of prod-east", "Check", versionType);
    const { inputs } = await replay.send(check);
    expect(inputs?.["secretString"]).toHaveProperty([secretMark]);
  });
});

describe("a refresh's requests", () => {
  it("read the database and the record that are there", async () => {
    stand();
    const database = await replay.send(recordedFor("refresh", "Read", instanceType));
    expect(database.properties).toMatchObject({ identifier: "orders-prod-1", status: "available" });
    const record = await replay.send(recordedFor("refresh", "Read", recordType));
    expect(record.properties).toMatchObject({ type: "CNAME", name: "db.orders.internal" });
  });

  it("say that a database is gone by an empty id", async () => {
    const { fields } = await replay.send(recordedFor("refresh", "Read", instanceType));
    expect(fields["id"]).toBe("");
  });
});
