import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import { kmsByHand, secretsByHand } from "./support/aws-by-hand.ts";
import { mutating, openPair, type Pair } from "./support/pair.ts";

const SecretId = "legacy/orders";
const password = "kept-as-it-is-4711";
const value = {
  engine: "mysql",
  host: "orders.c5vb0xp6d2bp.us-east-1.rds.amazonaws.com",
  port: "3306",
  username: "orders_admin",
  password,
  dbname: "orders",
  owner: "payments",
};

/** A secret as another team keeps it: everything about it is set, and nothing of it is this program's. */
async function makeSecret({ cloud }: Pair): Promise<string> {
  const secrets = secretsByHand(cloud, "us-east-1");
  const { KeyMetadata } = await kmsByHand(cloud, "us-east-1", "CreateKey", {});
  const { ARN = "" } = await secrets.send(
    new CreateSecretCommand({
      Name: SecretId,
      Description: "Belongs to payments",
      KmsKeyId: (KeyMetadata as { readonly Arn: string }).Arn,
      SecretString: JSON.stringify(value, undefined, 2),
      Tags: [{ Key: "team", Value: "payments" }],
    }),
  );
  const Statement = [
    {
      Sid: "Theirs",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
    },
  ];
  const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement });
  await secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
  return ARN;
}

/** Everything that AWS tells of it, but when it was last read. */
async function lookAt({ cloud }: Pair, region = "us-east-1") {
  const secrets = secretsByHand(cloud, region);
  const described = await secrets.send(new DescribeSecretCommand({ SecretId }));
  const { $metadata: _, LastAccessedDate: __, ...attributes } = described;
  const policy = await secrets.send(new GetResourcePolicyCommand({ SecretId }));
  const current = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return { attributes, policy: policy.ResourcePolicy, value: current.SecretString };
}

const configure = async (pair: Pair, ...words: readonly string[]): Promise<void> => {
  const { exitCode, text } = await pair.pulumi("config", ...words, "-s", "prod-east");
  if (exitCode !== 0) throw new Error(text);
};

const secretCalls = (operations: readonly string[]): readonly string[] =>
  mutating(operations).filter((operation) => operation.startsWith("secretsmanager:"));

async function refusedWithoutAChange(pair: Pair, reason: string): Promise<void> {
  const before = await pair.state("prod-east");
  const after = pair.cloud.calls().length;
  const { exitCode, text } = await pair.up("prod-east");
  expect(exitCode).not.toBe(0);
  expect(text).toContain(reason);
  expect(mutating(pair.operations({ after }))).toEqual([]);
  expect(await pair.state("prod-east")).toEqual(before);
}

describe("a secret that existed before", () => {
  it("is imported with nothing changed, replicated by a later update, and never deleted", async () => {
    await using pair = await openPair();
    const arn = await makeSecret(pair);
    await configure(pair, "set", "--path", "secret.existing", SecretId);

    const west = secretsByHand(pair.cloud, "us-west-2");
    await west.send(new CreateSecretCommand({ Name: SecretId, SecretString: "{}" }));
    const occupied = await pair.up("prod-east");
    expect(occupied.text).toContain("names us-west-2, which holds a secret of the same name");
    expect(mutating(pair.operations())).toEqual([]);
    await west.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));

    const before = await lookAt(pair);
    const imported = await pair.up("prod-east");
    expect(imported.text).toContain("nothing of it was changed");
    expect(imported.text).toContain("host is an RDS endpoint");
    expect(imported.exitCode).toBe(0);
    expect(await lookAt(pair)).toEqual(before);
    expect(secretCalls(pair.operations())).toEqual([]);

    expect(await pair.up("prod-west")).toMatchObject({ exitCode: 0 });
    await refusedWithoutAChange(pair, "host is an RDS endpoint");
    const SecretString = JSON.stringify({ ...value, host: "db.orders.internal" });
    const east = secretsByHand(pair.cloud, "us-east-1");
    await east.send(new PutSecretValueCommand({ SecretId, SecretString }));

    const changed = await lookAt(pair);
    const after = pair.cloud.calls().length;
    expect(await pair.up("prod-east")).toMatchObject({ exitCode: 0 });
    expect(secretCalls(pair.operations({ after }))).toEqual([
      "secretsmanager:ReplicateSecretToRegions",
    ]);
    const { ReplicationStatus, PrimaryRegion, ...replicated } = (await lookAt(pair)).attributes;
    expect(ReplicationStatus).toMatchObject([{ Region: "us-west-2", Status: "InSync" }]);
    expect(PrimaryRegion).toBe("us-east-1");
    const LastChangedDate = expect.any(Date);
    expect(replicated).toEqual({ ...changed.attributes, LastChangedDate });
    const { policy } = changed;
    expect(await lookAt(pair)).toMatchObject({ policy, value: SecretString });
    expect((await lookAt(pair, "us-west-2")).value).toBe(SecretString);
    for (const stack of ["prod-east", "prod-west"])
      expect(await pair.pulumi("preview", "-s", stack, "--expect-no-changes")).toMatchObject({
        exitCode: 0,
      });

    await configure(pair, "rm", "--path", "secret.existing");
    await refusedWithoutAChange(pair, "standby:secret.existing: is left out");
    await dropFromTheStack(pair);
    expect(secretCalls(pair.operations({ after }))).toHaveLength(1);
    expect(await lookAt(pair)).toMatchObject({ attributes: { ARN: arn, ReplicationStatus } });

    const states = await Promise.all(["prod-east", "prod-west"].map((stack) => pair.state(stack)));
    expect([...pair.transcript, JSON.stringify(states)].join("\n")).not.toContain(password);
  });
});

/** What is left of a stack that somebody takes apart on purpose. */
async function dropFromTheStack(pair: Pair): Promise<void> {
  const resources = (await pair.state("prod-east")) as readonly { readonly urn: string }[];
  const urn = resources.find(({ urn }) => urn.endsWith("secret:Secret::secret"))?.urn ?? "";
  const refused = await pair.pulumi("destroy", "-s", "prod-east", "--yes", "--skip-preview");
  expect(refused.exitCode).not.toBe(0);
  await pair.pulumi("state", "unprotect", urn, "-s", "prod-east", "--yes");
  const words = ["-s", "prod-east", "--yes", "--skip-preview", "--target", urn];
  const dropped = await pair.pulumi("destroy", ...words, "--target-dependents");
  expect(dropped.text).toContain("secretsmanager:Secret secret");
  const left = (await pair.state("prod-east")) as readonly { readonly urn: string }[];
  expect(left.map((resource) => resource.urn)).not.toContain(urn);
}
