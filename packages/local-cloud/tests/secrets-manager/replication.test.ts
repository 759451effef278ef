import { DisableKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
  StopReplicationToReplicaCommand,
  TagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, eventually, refusalOf, west } from "../aws-fixture.ts";
import {
  describeSecret,
  type SecretsCloud,
  startSecretsCloud,
  untilReplica,
} from "./secrets-fixture.ts";

let cloud: SecretsCloud;
let westKey: string;
beforeEach(async () => {
  cloud = await startSecretsCloud();
  westKey = await cloud.newKey(west);
});
afterEach(() => cloud.close());

const name = "orders/database";
const create = () =>
  cloud.east.send(
    new CreateSecretCommand({
      Name: name,
      SecretString: "one",
      Tags: [{ Key: "service", Value: "orders" }],
      AddReplicaRegions: [{ Region: west, KmsKeyId: westKey }],
    }),
  );
const put = (client: SecretsCloud["east"], SecretString: string) =>
  client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
const read = async (client: SecretsCloud["east"]) =>
  (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
const untilRead = (client: SecretsCloud["east"], value: string) =>
  eventually(
    () => read(client),
    (text) => text === value,
  );

/** A copy between two other Regions that begins now has arrived: so would every one that began earlier and stands not still. */
async function replicationElsewhere(): Promise<void> {
  const frankfurt = new SecretsManagerClient(cloud.clientOptions("eu-central-1"));
  const AddReplicaRegions = [{ Region: "eu-west-1" }];
  await frankfurt.send(
    new CreateSecretCommand({ Name: "witness", SecretString: "s", AddReplicaRegions }),
  );
  await untilReplica(frankfurt, "witness", "InSync");
}

describe("replication", () => {
  test("copies the secret after a lag, under the same suffix and the replica Region's key", async () => {
    const { ARN = "", ReplicationStatus } = await create();
    expect(ReplicationStatus).toEqual([{ Region: west, KmsKeyId: westKey, Status: "InProgress" }]);
    expect(await refusalOf(read(cloud.west))).toMatchObject({ name: "ResourceNotFoundException" });
    await untilReplica(cloud.east, name, "InSync");
    expect(await describeSecret(cloud.west, name)).toMatchObject({
      ARN: ARN.replace(east, west),
      KmsKeyId: westKey,
      PrimaryRegion: east,
      Tags: [{ Key: "service", Value: "orders" }],
    });
    expect(await read(cloud.west)).toBe("one");
  });

  test("sends a new value and the policy on", async () => {
    await create();
    await untilReplica(cloud.east, name, "InSync");
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await cloud.east.send(new PutResourcePolicyCommand({ SecretId: name, ResourcePolicy: policy }));
    await put(cloud.east, "two");
    expect((await describeSecret(cloud.east, name)).ReplicationStatus?.[0]?.Status).toBe(
      "InProgress",
    );
    expect(await read(cloud.west)).toBe("one");
    await untilRead(cloud.west, "two");
    const copied = await cloud.west.send(new GetResourcePolicyCommand({ SecretId: name }));
    expect(copied.ResourcePolicy).toBe(policy);
    const [inEast, inWest] = await Promise.all(
      [cloud.east, cloud.west].map((client) => describeSecret(client, name)),
    );
    expect(inWest?.VersionIdsToStages).toEqual(inEast?.VersionIdsToStages);
  });

  test.each([
    ["PutSecretValue", () => put(cloud.west, "x")],
    ["TagResource", () => cloud.west.send(new TagResourceCommand({ SecretId: name, Tags: [] }))],
    [
      "PutResourcePolicy",
      () => cloud.west.send(new PutResourcePolicyCommand({ SecretId: name, ResourcePolicy: "{}" })),
    ],
    [
      "DeleteSecret",
      () =>
        cloud.west.send(
          new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }),
        ),
    ],
  ])("a replica refuses %s", async (_operation, call) => {
    await create();
    await untilReplica(cloud.east, name, "InSync");
    expect(await refusalOf(call())).toMatchObject({
      name: "InvalidParameterException",
      status: 400,
      message:
        "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    });
  });

  test("fails on a secret of the same name, unless it is told to overwrite it", async () => {
    await cloud.west.send(new CreateSecretCommand({ Name: name, SecretString: "other" }));
    await create();
    await untilReplica(cloud.east, name, "Failed");
    expect(await read(cloud.west)).toBe("other");
    await cloud.east.send(
      new RemoveRegionsFromReplicationCommand({ SecretId: name, RemoveReplicaRegions: [west] }),
    );
    expect(await read(cloud.west)).toBe("other");
    await cloud.east.send(
      new ReplicateSecretToRegionsCommand({
        SecretId: name,
        AddReplicaRegions: [{ Region: west }],
        ForceOverwriteReplicaSecret: true,
      }),
    );
    await untilRead(cloud.west, "one");
  });

  test("fails and leaves the copy stale when the replica's key is disabled", async () => {
    await create();
    await untilReplica(cloud.east, name, "InSync");
    await cloud.kms[west]?.send(new DisableKeyCommand({ KeyId: westKey }));
    await put(cloud.east, "two");
    const { ReplicationStatus } = await untilReplica(cloud.east, name, "Failed");
    expect(ReplicationStatus?.[0]?.StatusMessage).toContain("is disabled");
    expect(
      Object.keys((await describeSecret(cloud.west, name)).VersionIdsToStages ?? {}),
    ).toHaveLength(1);
  });

  test.each([east, west])(
    "stands still while %s is lost and goes on afterwards",
    async (region) => {
      await create();
      await untilReplica(cloud.east, name, "InSync");
      await put(cloud.east, "two");
      await cloud.outages.lose(region, "5xx");
      await replicationElsewhere();
      if (region === east) expect(await read(cloud.west)).toBe("one");
      else
        expect((await describeSecret(cloud.east, name)).ReplicationStatus?.[0]?.Status).toBe(
          "InProgress",
        );
      await cloud.outages.restore(region);
      await untilRead(cloud.west, "two");
    },
  );

  test("is undone at once, without a recovery window", async () => {
    await create();
    await untilReplica(cloud.east, name, "InSync");
    await cloud.east.send(
      new RemoveRegionsFromReplicationCommand({ SecretId: name, RemoveReplicaRegions: [west] }),
    );
    expect(await refusalOf(read(cloud.west))).toMatchObject({ name: "ResourceNotFoundException" });
    expect((await describeSecret(cloud.east, name)).ReplicationStatus).toBeUndefined();
  });
});

describe("a promoted copy", () => {
  test("takes writes while the primary Region is lost, and is never overwritten when it is back", async () => {
    const { ARN = "" } = await create();
    await untilReplica(cloud.east, name, "InSync");
    await put(cloud.east, "lost change");
    await cloud.outages.lose(east, "hang");
    const stopped = await cloud.west.send(new StopReplicationToReplicaCommand({ SecretId: name }));
    expect(stopped.ARN).toBe(ARN.replace(east, west));
    await put(cloud.west, "west");
    await cloud.outages.restore(east);
    await eventually(
      () => describeSecret(cloud.east, name),
      (secret) => secret.ReplicationStatus === undefined,
    );
    expect(await read(cloud.west)).toBe("west");
    expect((await describeSecret(cloud.west, name)).PrimaryRegion).toBeUndefined();
  });

  test("is made from a replica only", async () => {
    await create();
    expect(
      await refusalOf(cloud.east.send(new StopReplicationToReplicaCommand({ SecretId: name }))),
    ).toMatchObject({ name: "InvalidParameterException", status: 400 });
  });

  test("makes a later replication fail", async () => {
    await create();
    await untilReplica(cloud.east, name, "InSync");
    await cloud.west.send(new StopReplicationToReplicaCommand({ SecretId: name }));
    await eventually(
      () => describeSecret(cloud.east, name),
      (secret) => secret.ReplicationStatus === undefined,
    );
    await cloud.east.send(
      new ReplicateSecretToRegionsCommand({
        SecretId: name,
        AddReplicaRegions: [{ Region: west }],
      }),
    );
    await untilReplica(cloud.east, name, "Failed");
  });
});
