import { describe, expect, it } from "vitest";
import { parseStackConfig, type StackConfig } from "../src/stack-config.ts";
import { configOf } from "./worlds.ts";

type Stack = "prod-east" | "prod-west";
type Changes = Readonly<Record<string, string | undefined>>;

const parse = (stack: Stack, changes?: Changes) =>
  parseStackConfig(configOf(stack, changes), "standby", stack);

function accepted(stack: Stack, changes?: Changes): StackConfig {
  const result = parse(stack, changes);
  if ("config" in result) return result.config;
  throw new Error(`refused: ${result.refusals.map(({ key }) => key).join(", ")}`);
}

function refused(stack: Stack, changes: Changes) {
  const result = parse(stack, changes);
  if ("refusals" in result) return result.refusals;
  throw new Error("not refused");
}

const keys = (stack: Stack, changes: Changes): readonly string[] =>
  refused(stack, changes).map(({ key }) => key);

describe("the committed stack files", () => {
  it("make a primary stack", () => {
    expect(accepted("prod-east")).toEqual({
      role: "primary",
      stack: "prod-east",
      region: "us-east-1",
      service: "orders-prod",
      accountId: "123456789012",
      databaseHostName: "db.orders.internal",
      recoveryStack: "prod-west",
      network: { cidr: "10.10.0.0/16", peerCidr: "10.20.0.0/16" },
      zone: { name: "orders.internal" },
      secret: { replicaRegions: ["us-west-2"], keys: {}, allowReplicaRemoval: [] },
      database: {
        instanceClass: "db.t4g.medium",
        allocatedStorageGiB: 100,
        engineVersion: "8.4",
        backupRetentionDays: 7,
        databaseName: "orders",
        username: "orders_admin",
      },
      fenced: false,
    });
  });

  it("make a recovery stack", () => {
    expect(accepted("prod-west")).toEqual({
      role: "recovery",
      stack: "prod-west",
      region: "us-west-2",
      service: "orders-prod",
      accountId: "123456789012",
      databaseHostName: "db.orders.internal",
      primaryStack: "prod-east",
      network: { cidr: "10.20.0.0/16", peerCidr: "10.10.0.0/16" },
      database: { instanceClass: "db.t4g.medium", engineVersion: "8.4", backupRetentionDays: 7 },
      record: { ttlSeconds: 30 },
      recoveryPoint: { maximumLagSeconds: 60, maximumAgeSeconds: 900 },
      failover: false,
      readOnlyFailover: false,
      pinned: false,
      monitoring: false,
      alarms: { freeStorageGiB: 5 },
      dnsSwitch: "record",
      secretPromoted: false,
      fenced: false,
    });
  });

  it("need no description of the database", () => {
    expect(accepted("prod-east", { "standby:database": undefined })).toEqual(accepted("prod-east"));
  });

  it("take the flag as the command line writes it", () => {
    expect(accepted("prod-west", { "standby:failover": "true" })).toMatchObject({
      failover: true,
    });
  });

  it("leave other programs' keys alone", () => {
    expect(accepted("prod-west", { "other:key": "x", "aws:profile": "p" })).toEqual(
      accepted("prod-west"),
    );
  });
});

describe("a configuration", () => {
  it.each<[string, Stack, Changes, readonly string[]]>([
    [
      "an existing secret with a name beside it",
      "prod-east",
      { secret: '{"existing":"a","name":"b","replicaRegions":["us-west-2"]}' },
      ["secret.name"],
    ],
    [
      "an existing secret of another Region and account",
      "prod-east",
      {
        secret:
          '{"existing":"arn:aws:secretsmanager:eu-west-1:210987654321:secret:a-AbCdEf","replicaRegions":["us-west-2"]}',
      },
      ["secret.existing", "secret.existing"],
    ],
    [
      "a secret that RDS owns, by its ARN",
      "prod-east",
      {
        secret:
          '{"existing":"arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1-AbCdEf","replicaRegions":["us-west-2"]}',
      },
      ["secret.existing"],
    ],
    [
      "a key that is none",
      "prod-east",
      { secret: '{"replicaRegions":["us-west-2"],"keys":{"us-west-2":"alias/mine"}}' },
      ["secret.keys.us-west-2"],
    ],
    [
      "a key for a Region without a copy",
      "prod-east",
      { secret: '{"replicaRegions":["us-west-2"],"keys":{"eu-west-1":"default"}}' },
      ["secret.keys.eu-west-1"],
    ],
    [
      "a key of another Region",
      "prod-east",
      {
        secret:
          '{"replicaRegions":["us-west-2"],"keys":{"us-west-2":"arn:aws:kms:us-east-1:123456789012:key/a"}}',
      },
      ["secret.keys.us-west-2"],
    ],
    [
      "one multi-Region key for both Regions",
      "prod-east",
      {
        secret:
          '{"replicaRegions":["us-west-2"],"keys":{"us-east-1":"arn:aws:kms:us-east-1:123456789012:key/mrk-a","us-west-2":"arn:aws:kms:us-west-2:123456789012:key/mrk-a"}}',
      },
      ["secret.keys"],
    ],
    ["a flag that is not a boolean", "prod-west", { failover: "yes" }, ["failover"]],
    ["an unknown key", "prod-west", { failovr: "true" }, ["failovr"]],
    ["an unknown field", "prod-west", { record: '{"ttl":30}' }, ["record"]],
    ["a missing key", "prod-east", { service: undefined }, ["service"]],
    ["an empty key", "prod-west", { primaryStack: "" }, ["primaryStack"]],
    ["a service name with capitals", "prod-east", { service: "Orders" }, ["service"]],
    ["an account id of eleven digits", "prod-east", { accountId: "12345678901" }, ["accountId"]],
    ["no JSON", "prod-east", { network: "vpc" }, ["network"]],
    [
      "a block that is none",
      "prod-east",
      { network: '{"cidr":"10.0.0.0/8","peerCidr":"10.20.0.0/16"}' },
      ["network.cidr"],
    ],
    [
      "overlapping blocks",
      "prod-east",
      { network: '{"cidr":"10.20.0.0/16","peerCidr":"10.20.0.0/16"}' },
      ["network"],
    ],
    [
      "a zone of another Region",
      "prod-east",
      {
        network:
          '{"cidr":"10.10.0.0/16","peerCidr":"10.20.0.0/16","availabilityZones":["us-east-1a","us-west-2a"]}',
      },
      ["network"],
    ],
    [
      "an existing network without its block",
      "prod-east",
      {
        network:
          '{"existing":{"vpcId":"vpc-0a","subnetIds":["subnet-0a","subnet-0b"],"peerCidr":"10.20.0.0/16"}}',
      },
      ["network.existing.cidr"],
    ],
    [
      "an RDS endpoint as host",
      "prod-east",
      { databaseHostName: "orders-prod-1.c1.us-east-1.rds.amazonaws.com" },
      ["databaseHostName"],
    ],
    [
      "an RDS endpoint as host of the recovery stack",
      "prod-west",
      { databaseHostName: "orders-prod-1.c1.us-east-1.rds.amazonaws.com" },
      ["databaseHostName"],
    ],
    [
      "a host outside the zone",
      "prod-east",
      { databaseHostName: "db.payments.internal" },
      ["databaseHostName"],
    ],
    [
      "the zone itself as host",
      "prod-east",
      { databaseHostName: "orders.internal" },
      ["databaseHostName"],
    ],
    [
      "no copy of the secret",
      "prod-east",
      { secret: '{"replicaRegions":[]}' },
      ["secret.replicaRegions"],
    ],
    ["no secret", "prod-east", { secret: "{}" }, ["secret.replicaRegions"]],
    [
      "a copy in the secret's own Region",
      "prod-east",
      { secret: '{"replicaRegions":["us-east-1"]}' },
      ["secret"],
    ],
    [
      "a database without backups",
      "prod-east",
      { database: '{"backupRetentionDays":0}' },
      ["database.backupRetentionDays"],
    ],
    [
      "a user name for the replica",
      "prod-west",
      { database: '{"username":"orders_admin"}' },
      ["database"],
    ],
    ["failover and fenced", "prod-west", { failover: "true", fenced: "true" }, ["failover"]],
    [
      "failover and readOnlyFailover",
      "prod-west",
      { failover: "true", readOnlyFailover: "true" },
      ["failover"],
    ],
    ["failover on the primary stack", "prod-east", { failover: "true" }, ["failover"]],
    [
      "readOnlyFailover on the primary stack",
      "prod-east",
      { readOnlyFailover: "true" },
      ["readOnlyFailover"],
    ],
    ["a zone on the recovery stack", "prod-west", { zone: '{"name":"orders.internal"}' }, ["zone"]],
    [
      "replicateFrom of the own Region",
      "prod-west",
      { replicateFrom: "arn:aws:rds:us-west-2:123456789012:db:orders-prod-1" },
      ["replicateFrom"],
    ],
    [
      "replicateFrom of another account",
      "prod-west",
      { replicateFrom: "arn:aws:rds:us-east-1:210987654321:db:orders-prod-1" },
      ["replicateFrom"],
    ],
    [
      "acceptDataLoss that is no identifier",
      "prod-west",
      { acceptDataLoss: "true, all of it" },
      ["acceptDataLoss"],
    ],
    [
      "acceptDataLoss on the primary stack",
      "prod-east",
      { acceptDataLoss: "orders-prod-1" },
      ["acceptDataLoss"],
    ],
    ["an unknown role", "prod-west", { role: "standby" }, ["role"]],
  ])("with %s is refused by key", (_, stack, changes, expected) => {
    const own = Object.fromEntries(
      Object.entries(changes).map(([key, value]) => [`standby:${key}`, value]),
    );
    expect(keys(stack, own)).toEqual(expected.map((key) => `standby:${key}`));
  });

  it("without a Region is refused", () => {
    expect(keys("prod-west", { "aws:region": undefined })).toEqual(["aws:region"]);
  });

  it("has all its problems reported together", () => {
    expect(
      keys("prod-west", {
        "aws:region": "nowhere",
        "standby:typo": "1",
        "standby:failover": "maybe",
        "standby:accountId": "none",
        "standby:replicateFrom": "none",
      }),
    ).toEqual([
      "aws:region",
      "standby:typo",
      "standby:accountId",
      "standby:replicateFrom",
      "standby:failover",
    ]);
  });

  it.each<[Stack, Changes]>([
    ["prod-east", { "standby:database": '{"username":"hunter2 hunter2"}' }],
    ["prod-east", { "standby:zone": '{"name":"hunter2 hunter2"}' }],
    ["prod-east", { "standby:secret": '{"name":"hunter2 hunter2","replicaRegions":["hunter2"]}' }],
    ["prod-east", { "standby:network": "hunter2" }],
    ["prod-west", { "standby:failover": "hunter2", "standby:record": '{"ttlSeconds":"hunter2"}' }],
    ["prod-west", { "standby:accountId": "hunter2", "standby:replicateFrom": "hunter2" }],
    ["prod-west", { "standby:unknown": "hunter2", "aws:region": "hunter2" }],
  ])("never has a value in a message: %s %j", (stack, changes) => {
    const refusals = refused(stack, changes);
    expect(refusals).not.toEqual([]);
    expect(JSON.stringify(refusals)).not.toContain("hunter2");
  });

  it("names what a misspelt field is called, and the next command", () => {
    expect(refused("prod-west", { "standby:record": '{"ttl":30}' })).toEqual([
      {
        key: "standby:record",
        reason: "has no field ttl",
        next: "edit Pulumi.prod-west.yaml, then pulumi preview -s prod-west",
      },
    ]);
  });
});
