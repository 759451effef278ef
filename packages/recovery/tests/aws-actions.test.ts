import { RDSClient } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { awsActions, type MoveClients } from "../src/aws-actions.ts";
import type { Deployment } from "../src/observation.ts";
import { database, east, west } from "./support/fake-pair.ts";
import { primaryOutputs, recoveryOutputs } from "./support/outputs.ts";

const signal = new AbortController().signal;

interface Sent {
  readonly region: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Records each command; answers by its name, with nothing unless told. */
function recording(answers: Readonly<Record<string, unknown>> = {}) {
  const sent: Sent[] = [];
  const used = new Set<string>();
  const client = (region: string) => ({
    send: async (command: { constructor: { name: string }; input: Sent["input"] }) => {
      const name = command.constructor.name.replace(/Command$/, "");
      sent.push({ region, name, input: command.input });
      return answers[name] ?? {};
    },
  });
  const clients = {
    in(region: string) {
      used.add(region);
      const one = client(region);
      // The paginator wants a client of its own class.
      const rds = Object.assign(new RDSClient({ region }), one);
      return { rds, lambda: one, secretsManager: one, sts: one };
    },
    route53: client("route53"),
  } as unknown as MoveClients;
  const deployment = {
    service: "orders-prod",
    primaryRegion: east,
    recoveryRegion: west,
    zoneId: "Z1",
    databaseHostName: "db.orders.internal",
    recordTtlSeconds: 30,
    primary: primaryOutputs,
    recovery: recoveryOutputs,
  } as unknown as Deployment;
  const actions = awsActions({
    deployment,
    clients,
    ask: async () => ({ ok: false, failure: { code: "failed", message: "not asked" } }),
  });
  return { actions, sent, used };
}

describe("the moves' calls on AWS", () => {
  it("promotes with the backups that the replica has, and never without any", async () => {
    const { actions, sent, used } = recording();
    await actions.promote(database(west), signal);
    await actions.promote(database(west, { backupRetentionDays: 0 }), signal);
    expect(sent.map(({ input }) => input)).toEqual([
      { DBInstanceIdentifier: "orders-prod-1", BackupRetentionPeriod: 7 },
      { DBInstanceIdentifier: "orders-prod-1", BackupRetentionPeriod: 1 },
    ]);
    expect([...used]).toEqual([west]);
  });

  it("tags a promotion as the program does", async () => {
    const { actions, sent } = recording();
    await actions.tagPromotion(database(west), signal);
    expect(sent[0]).toMatchObject({
      name: "AddTagsToResource",
      input: {
        ResourceName: "arn:aws:rds:us-west-2:123456789012:db:orders-prod-1",
        Tags: [{ Key: "standby:promotion", Value: "requested" }],
      },
    });
  });

  it("fences by the one parameter of the database's own group, at once", async () => {
    const { actions, sent } = recording();
    await actions.setWriteAccess(database(east), "1", signal);
    expect(sent).toEqual([
      {
        region: east,
        name: "ModifyDBParameterGroup",
        input: {
          DBParameterGroupName: "database-1-parameters",
          Parameters: [
            { ParameterName: "read_only", ParameterValue: "1", ApplyMethod: "immediate" },
          ],
        },
      },
    ]);
  });

  it("takes a parameter that nobody set for what RDS does by itself, and a pending one for not in sync", async () => {
    const { actions } = recording({
      DescribeDBInstances: {
        DBInstances: [
          {
            DBParameterGroups: [
              { DBParameterGroupName: "database-1-parameters", ParameterApplyStatus: "applying" },
            ],
          },
        ],
      },
    });
    expect(await actions.writeAccess(database(east), signal)).toEqual({
      value: "{TrueIfReplica}",
      inSync: false,
    });
  });

  it("finds generations by tag and name, an adopted database by the stack's outputs, and no stranger", async () => {
    const tagged = [{ Key: "standby:service", Value: "orders-prod" }];
    const { actions } = recording({
      DescribeDBInstances: {
        DBInstances: [
          { DBInstanceIdentifier: "orders-prod-2", TagList: tagged, DBInstanceStatus: "available" },
          { DBInstanceIdentifier: "orders-prod-1" },
          { DBInstanceIdentifier: "orders-prod-3" },
          { DBInstanceIdentifier: "billing-1", TagList: tagged },
        ],
      },
    });
    const found = await actions.databases(west, signal);
    expect(found.map(({ identifier, generation }) => [identifier, generation])).toEqual([
      ["orders-prod-1", 0],
      ["orders-prod-2", 2],
    ]);
  });

  it("writes a copied value as the same version, so that both copies are known to agree", async () => {
    const { actions, sent } = recording({
      GetSecretValue: { SecretString: "{}", VersionId: "v2" },
    });
    await actions.copySecretValue(west, east, signal);
    expect(sent.map(({ region, name }) => `${region} ${name}`)).toEqual([
      "us-west-2 GetSecretValue",
      "us-east-1 PutSecretValue",
      "us-east-1 DescribeSecret",
      "us-east-1 ListSecretVersionIds",
    ]);
    expect(sent[0]?.input["VersionStage"]).toBe("AWSCURRENT");
    expect(sent[1]?.input["ClientRequestToken"]).toBe("v2");
  });

  it("makes a copied version current that an unfinished rotation had left there with another label", async () => {
    const { actions, sent } = recording({
      GetSecretValue: { SecretString: "{}", VersionId: "v2" },
      ListSecretVersionIds: {
        Versions: [
          { VersionId: "v1", VersionStages: ["AWSCURRENT"] },
          { VersionId: "v2", VersionStages: ["AWSPENDING"] },
        ],
      },
    });
    await actions.copySecretValue(west, east, signal);
    expect(sent.at(-1)).toMatchObject({
      region: "us-east-1",
      name: "UpdateSecretVersionStage",
      input: { VersionStage: "AWSCURRENT", MoveToVersionId: "v2", RemoveFromVersionId: "v1" },
    });
  });

  it("overwrites a copy only when it is told to", async () => {
    const { actions, sent } = recording();
    await actions.replicateSecret(east, west, { keyArn: "key", overwrite: false }, signal);
    expect(sent[0]?.input).toMatchObject({
      AddReplicaRegions: [{ Region: west, KmsKeyId: "key" }],
      ForceOverwriteReplicaSecret: false,
    });
  });

  it.each([
    [{ statusCode: 201 }, undefined],
    [{ statusCode: 503, body: '{"error":"database-unavailable"}' }, /503 database-unavailable$/],
    [{ statusCode: 400, body: '{"error":"bad-request","message":"x y"}' }, /400 bad-request$/],
    [{ statusCode: 500, body: "a secret text" }, /answered 500$/],
  ])("understands the application's answer %j", async (answer, message) => {
    const text = JSON.stringify(answer);
    const { actions } = recording({ Invoke: { Payload: { transformToString: () => text } } });
    const writing = actions.writeThroughApplication(west, "standby-1", signal);
    if (message === undefined) await writing;
    else await expect(writing).rejects.toThrow(message);
  });

  it("puts the new address in the place of the very value that was seen, in one change", async () => {
    const { actions, sent } = recording();
    const seen = { value: "old.example.com.", ttlSeconds: 60 };
    await actions.replaceRecord(seen, "new.example.com", signal);
    const set = (Value: string, TTL: number) => ({
      Name: "db.orders.internal",
      Type: "CNAME",
      TTL,
      ResourceRecords: [{ Value }],
    });
    expect(sent[0]).toMatchObject({
      region: "route53",
      name: "ChangeResourceRecordSets",
      input: {
        HostedZoneId: "Z1",
        ChangeBatch: {
          Changes: [
            { Action: "DELETE", ResourceRecordSet: set("old.example.com.", 60) },
            { Action: "CREATE", ResourceRecordSet: set("new.example.com", 30) },
          ],
        },
      },
    });
  });

  it.each([
    ["another name", { Name: "dc.orders.internal.", Type: "CNAME" }],
    ["another type", { Name: "db.orders.internal.", Type: "TXT" }],
  ])("sees no record when the zone answers with %s", async (_what, set) => {
    const { actions } = recording({
      ListResourceRecordSets: {
        ResourceRecordSets: [{ ...set, ResourceRecords: [{ Value: "x" }] }],
      },
    });
    expect(await actions.record(signal)).toBeUndefined();
  });
});
