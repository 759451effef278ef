import { describe, expect, it } from "vitest";
import { account, secretArn } from "./mock-aws.ts";
import { failure, isMarkedSecret, type LiveSecret, plain, run, type World } from "./stack-mocks.ts";
import { configOf, eastOutputs, firstEast, laterEast, westOutputs } from "./worlds.ts";

const type = "aws:secretsmanager/secret:Secret";
const name = "legacy/orders";
const arn = secretArn(name, "us-east-1");
const existing = (more: object = {}) => ({
  "standby:secret": JSON.stringify({ existing: name, replicaRegions: ["us-west-2"], ...more }),
});
const value = (host = "db.orders.internal"): string =>
  JSON.stringify({
    engine: "mysql",
    host,
    port: 3306,
    username: "orders_admin",
    password: "hunter2hunter2",
    dbname: "orders",
  });
const endpoint = "orders.c1.us-east-1.rds.amazonaws.com";
const theirs: LiveSecret = {
  name,
  keyId: `arn:aws:kms:us-east-1:${account}:key/theirs`,
  value: value(),
};

/** Nothing of the pair exists, but the secret does. */
const before = (secret: LiveSecret = theirs, more: object = {}): World => ({
  ...firstEast(existing(more)),
  secrets: { "us-east-1": [secret] },
  copies: { "secret-found": [] },
});

/** As the import left it. */
const imported = (secret: LiveSecret = theirs): World => ({
  ...laterEast(existing()),
  secrets: { "us-east-1": [secret] },
  copies: { "secret-found": [] },
  outputs: {
    "organization/standby/prod-east": {
      ...eastOutputs,
      secretArn: arn,
      secretAdoption: "imported",
    },
    "organization/standby/prod-west": westOutputs,
  },
});

describe("an existing secret", () => {
  it("is imported with nothing declared but its name, and outlives the stack", async () => {
    const { resource, outputs, warnings } = await run(before());
    const { inputs, options } = resource(type, "secret");
    expect(inputs).toEqual({ name, forceOverwriteReplicaSecret: false });
    expect(options).toMatchObject({ importId: arn, protect: true, retainOnDelete: true });
    expect(options.ignoreChanges).toEqual(
      expect.arrayContaining(["description", "kmsKeyId", "policy", "replicas", "tags"]),
    );
    expect(outputs).toMatchObject({ secretArn: arn, secretAdoption: "imported" });
    expect(warnings.join()).toContain("nothing of it was changed");
  });

  it("gets its copies by the next update, and nothing else", async () => {
    const { resource, outputs, warnings } = await run(imported());
    const { inputs, options } = resource(type, "secret");
    expect(inputs).toEqual({
      name,
      forceOverwriteReplicaSecret: false,
      replicas: [
        {
          region: "us-west-2",
          kmsKeyId: `arn:aws:kms:us-west-2:${account}:key/secret-key-us-west-2`,
        },
      ],
    });
    expect(options.ignoreChanges).not.toContain("replicas");
    expect(outputs["secretAdoption"]).toBe("replicated");
    expect(warnings).toEqual([]);
  });

  it("gives a new database its password, which is in no plain input, no output and no version", async () => {
    const { resource, resources, ofType, outputs } = await run(before());
    const { password } = resource("aws:rds/instance:Instance", "database-1").inputs;
    expect(isMarkedSecret(password)).toBe(true);
    expect(plain(password)).toBe("hunter2hunter2");
    expect(ofType("aws:secretsmanager/secretVersion:SecretVersion")).toEqual([]);
    const shown = JSON.stringify([resources, outputs], (_, each) =>
      isMarkedSecret(each) ? "(secret)" : each,
    );
    expect(shown).not.toContain("hunter2hunter2");
  });

  it("is read by the function with the key that it has", async () => {
    const { resource } = await run(before());
    const { policy } = resource("aws:iam/rolePolicy:RolePolicy", "orders-api-policy").inputs;
    expect(String(policy)).toContain(`"Resource":"arn:aws:kms:us-east-1:${account}:key/theirs"`);
  });

  it("is not read any more when it has its copies", async () => {
    const { outputs, ...world } = imported();
    const east = { ...eastOutputs, secretArn: arn, secretAdoption: "replicated" };
    const copy = {
      region: "us-west-2",
      kmsKeyId: eastOutputs.encryptionKeyArns["us-west-2"],
      status: "InSync",
    };
    const { calls } = await run({
      ...world,
      copies: { "secret-found": [copy] },
      outputs: { ...outputs, "organization/standby/prod-east": east },
    });
    expect(calls).not.toContain("aws:secretsmanager/getSecretVersion:getSecretVersion");
  });

  it("with an RDS endpoint as host is imported with a warning, and not copied", async () => {
    const raw = { ...theirs, value: value(endpoint) };
    const { warnings } = await run(before(raw));
    expect(warnings.join()).toContain("host is an RDS endpoint");
    const { message, resources } = await failure(imported(raw));
    expect(message).toContain(
      "standby:secret.existing: names a secret whose host is an RDS endpoint",
    );
    expect(message).not.toContain("hunter2");
    expect(resources).toEqual([]);
  });
});

describe("a secret that is not taken over", () => {
  it.each<[string, World, string, string]>([
    [
      "one that does not exist",
      { ...before(), secrets: {} },
      "standby:secret.existing: names a secret that is not in this Region",
      "restore-secret",
    ],
    [
      "a copy of the other Region's",
      before({ ...theirs, copiedFrom: "us-west-2" }),
      "standby:secret.existing: names a copy in us-east-1",
      "stop-replication-to-replica",
    ],
    [
      "one whose name is taken in the replica Region",
      { ...before(), secrets: { "us-east-1": [theirs], "us-west-2": [theirs] } },
      "standby:secret.replicaRegions: names us-west-2",
      "it is never overwritten",
    ],
    [
      "one whose name this program would use, and did not make",
      {
        ...firstEast(),
        secrets: { "us-east-1": [{ name: "orders-prod/database" }] },
        copies: { "secret-found": [] },
      },
      "standby:secret.name: is the name of a secret that exists",
      `secret.existing ${secretArn("orders-prod/database", "us-east-1")}`,
    ],
    [
      "one that RDS owns",
      before({ ...theirs, name: "rds!db-1" }, { existing: "rds!db-1" }),
      "standby:secret.existing: names a secret that an AWS service owns",
      "ManageMasterUserPassword",
    ],
  ])("%s", async (_, world, key, next) => {
    const { message, resources } = await failure(world);
    expect(message).toContain(key);
    expect(message).toContain(next);
    expect(resources).toEqual([]);
  });

  it("is no reason to stop when it is this stack's own, left by an interrupted update", async () => {
    const secrets = {
      "us-east-1": [{ name: "orders-prod/database", service: "orders-prod" }],
      "us-west-2": [{ name: "orders-prod/database", copiedFrom: "us-east-1" }],
    };
    const { resource } = await run({ ...firstEast(), secrets, copies: { "secret-found": [] } });
    expect(resource(type, "secret").options.importId).toBeUndefined();
  });
});

describe("the keys of the configuration", () => {
  const keyOf = (region: string): string => `arn:aws:kms:${region}:${account}:key/given-${region}`;

  it("take the place of made ones, for the secret, its copy and the databases", async () => {
    const keys = { "us-east-1": keyOf("us-east-1"), "us-west-2": keyOf("us-west-2") };
    const secret = JSON.stringify({ replicaRegions: ["us-west-2"], keys });
    const { resource, ofType, outputs } = await run({
      ...firstEast(),
      config: configOf("prod-east", { "standby:secret": secret }),
    });
    expect(ofType("aws:kms/key:Key")).toEqual([]);
    expect(resource(type, "secret").inputs).toMatchObject({
      kmsKeyId: keyOf("us-east-1"),
      replicas: [{ region: "us-west-2", kmsKeyId: keyOf("us-west-2") }],
    });
    expect(resource("aws:rds/instance:Instance", "database-1").inputs["kmsKeyId"]).toBe(
      keyOf("us-east-1"),
    );
    expect(outputs).toMatchObject({ encryptionKeyArns: keys, givenKeys: keys });
  });

  it("leave the secret to AWS's own key and the databases to made ones where they say default", async () => {
    const keys = { "us-east-1": "default", "us-west-2": "default" };
    const secret = JSON.stringify({ replicaRegions: ["us-west-2"], keys });
    const { resource, ofType, outputs } = await run(firstEast({ "standby:secret": secret }));
    const { inputs } = resource(type, "secret");
    expect(inputs).not.toHaveProperty("kmsKeyId");
    expect(inputs["replicas"]).toEqual([
      { region: "us-west-2", kmsKeyId: "alias/aws/secretsmanager" },
    ]);
    expect(ofType("aws:kms/key:Key").map((key) => key.name)).toEqual([
      "secret-key",
      "secret-key-us-west-2",
    ]);
    expect(outputs["givenKeys"]).toEqual(keys);
  });
});
