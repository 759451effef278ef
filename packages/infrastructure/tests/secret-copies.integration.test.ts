import {
  DescribeSecretCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { kmsByHand, secretsByHand } from "./support/aws-by-hand.ts";
import { deployPair } from "./support/pair.ts";

const SecretId = "orders-prod/database";

describe("a copy of the secret that AWS could not make", () => {
  it("turns the update red with AWS's reason, again and again, until it is made", async () => {
    await using pair = await deployPair();
    const secrets = secretsByHand(pair.cloud, "us-east-1");
    const { ReplicationStatus } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    const { KmsKeyId = "" } = ReplicationStatus?.[0] ?? {};
    await kmsByHand(pair.cloud, "us-west-2", "DisableKey", { KeyId: KmsKeyId });
    const add = ["config", "set", "--path", "secret.replicaRegions[1]", "eu-west-1"];
    await pair.pulumi(...add, "-s", "prod-east");

    const red = await pair.up("prod-east");
    expect(red.exitCode).not.toBe(0);
    expect(red.text).toContain(
      "the copy of the secret in us-west-2 is Failed (Replication failed:",
    );
    expect(red.text).toContain("is disabled");
    expect(red.text).not.toContain("the copy of the secret in eu-west-1");
    const still = await pair.up("prod-east");
    expect(still.exitCode).not.toBe(0);

    await kmsByHand(pair.cloud, "us-west-2", "EnableKey", { KeyId: KmsKeyId });
    // The commands that the message prints.
    const [Region, RemoveReplicaRegions] = ["us-west-2", ["us-west-2"]];
    expect(still.text).toContain(`--add-replica-regions Region=${Region},KmsKeyId=${KmsKeyId}`);
    await secrets.send(new RemoveRegionsFromReplicationCommand({ SecretId, RemoveReplicaRegions }));
    const AddReplicaRegions = [{ Region, KmsKeyId }];
    await secrets.send(new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions }));
    expect(await pair.up("prod-east")).toMatchObject({ exitCode: 0 });
    const preview = await pair.pulumi("preview", "-s", "prod-east", "--expect-no-changes");
    expect(preview.text).toContain("unchanged");
    expect(preview.exitCode).toBe(0);
  });
});
