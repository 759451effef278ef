import { afterEach, beforeEach, expect, it } from "vitest";
import { east, eventually, west } from "../aws-fixture.ts";
import { failureOf, type Made, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const secretType = "aws:secretsmanager/secret:Secret";
const versionType = "aws:secretsmanager/secretVersion:SecretVersion";
const policyType = "aws:secretsmanager/secretPolicy:SecretPolicy";
const keyType = "aws:kms/key:Key";

let cloud: ProviderCloud;
let client: ProviderClient;

beforeEach(async () => {
  cloud = await startProviderCloud();
  client = await cloud.connect(east);
});
afterEach(() => cloud.close());

const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      Action: "secretsmanager:GetSecretValue",
      Resource: "*",
    },
  ],
});

const keyIn = (region: string): Promise<Made> => client.make(keyType, { region });

it("makes a secret with its replicas and policy in the provider's order, and waits for no replica", async () => {
  const key = await keyIn(west);
  cloud.newCalls();
  const made = await client.make(secretType, {
    name: "orders",
    policy,
    replicas: [{ region: west, kmsKeyId: key.outputs["arn"] }],
    tags: { service: "orders" },
  });
  expect(cloud.newCalls()).toEqual([
    "CreateSecret",
    "DescribeSecret",
    "PutResourcePolicy",
    "DescribeSecret",
    "GetResourcePolicy",
  ]);
  expect(made.id).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-/);
  expect(made.outputs).toMatchObject({
    arn: made.id,
    region: east,
    policy,
    recoveryWindowInDays: 30,
    replicas: [{ region: west, kmsKeyId: key.outputs["arn"] }],
    tags: { service: "orders" },
    tagsAll: { service: "orders" },
  });
});

it("makes keys in the Region that the resource names, whatever the provider's is", async () => {
  const key = await keyIn(west);
  expect(key.outputs["arn"]).toMatch(/^arn:aws:kms:us-west-2:/);
  expect((await client.read(keyType, key))?.outputs["region"]).toBe(west);
});

it("removes and adds a replica whose key changed, before anything else of the update", async () => {
  const [first, second] = [await keyIn(west), await keyIn(west)];
  const replicas = [{ region: west, kmsKeyId: first.outputs["arn"] }];
  const made = await client.make(secretType, { name: "orders", replicas });
  cloud.newCalls();
  await client.update(secretType, made, {
    ...made.inputs,
    description: "changed",
    replicas: [{ region: west, kmsKeyId: second.outputs["arn"] }],
  });
  expect(cloud.newCalls().slice(0, 3)).toEqual([
    "RemoveRegionsFromReplication",
    "ReplicateSecretToRegions",
    "UpdateSecret",
  ]);
});

it("writes nothing when only the recovery window changes", async () => {
  const made = await client.make(secretType, { name: "orders" });
  cloud.newCalls();
  const inputs = { ...made.inputs, recoveryWindowInDays: 7 };
  const updated = await client.update(secretType, made, inputs);
  expect(cloud.newCalls()).toEqual(["DescribeSecret", "GetResourcePolicy"]);
  expect(updated.outputs["recoveryWindowInDays"]).toBe(7);
});

it("reads a secret that is scheduled for deletion as gone", async () => {
  const made = await client.make(secretType, { name: "orders" });
  cloud.newCalls();
  await client.delete(secretType, made);
  expect(cloud.newCalls()).toEqual(["DeleteSecret", "DescribeSecret"]);
  expect(await client.read(secretType, made)).toBeUndefined();
});

it("removes the replicas that the state knows before it deletes a secret", async () => {
  const made = await client.make(secretType, { name: "orders", replicas: [{ region: west }] });
  cloud.newCalls();
  await client.delete(secretType, made);
  expect(cloud.newCalls()).toEqual([
    "RemoveRegionsFromReplication",
    "DeleteSecret",
    "DescribeSecret",
  ]);
});

it("takes a replica's progress for no difference after a refresh", async () => {
  const replicas = [{ region: west }];
  const made = await client.make(secretType, { name: "orders", replicas });
  const refreshed = await eventually(
    async () => (await client.read(secretType, made)) ?? made,
    ({ outputs }) => JSON.stringify(outputs["replicas"]).includes("InSync"),
  );
  expect(refreshed.inputs["replicas"]).toEqual([{ region: west, __defaults: [] }]);
  expect((await client.diff(secretType, refreshed, made.inputs)).diffsList).toEqual([]);
});

it("marks a value secret in the inputs and the outputs, and sends it to AWS in plain", async () => {
  const made = await client.make(secretType, { name: "orders" });
  const inputs = { secretId: made.id, secretString: "the value" };
  const version = await client.make(versionType, inputs);
  expect(version.id.startsWith(`${made.id}|`)).toBe(true);
  expect(version.inputs["secretString"]).toMatchObject({ value: "the value" });
  expect(version.outputs).toMatchObject({
    secretString: { value: "the value" },
    versionStages: ["AWSCURRENT"],
  });
});

it("never asks AWS for a value that only was to be written", async () => {
  const made = await client.make(secretType, { name: "orders" });
  cloud.newCalls();
  const version = await client.make(versionType, {
    secretId: made.id,
    secretStringWo: "the value",
    secretStringWoVersion: 1,
  });
  expect(cloud.newCalls()).toEqual([
    "PutSecretValue",
    "ListSecretVersionIds",
    "ListSecretVersionIds",
  ]);
  expect(version.outputs).not.toHaveProperty("secretString");
  expect(version.outputs).not.toHaveProperty("secretStringWo");
  expect(version.outputs["hasSecretStringWo"]).toBe(true);
});

it("leaves the current value alone when a version is deleted", async () => {
  const made = await client.make(secretType, { name: "orders" });
  const version = await client.make(versionType, { secretId: made.id, secretString: "v" });
  cloud.newCalls();
  await client.delete(versionType, version);
  expect(cloud.newCalls()).toEqual(["GetSecretValue"]);
});

it("makes, changes and deletes a policy of its own", async () => {
  const made = await client.make(secretType, { name: "orders" });
  const own = await client.make(policyType, { secretArn: made.id, policy });
  expect(own.id).toBe(made.id);
  cloud.newCalls();
  await client.delete(policyType, own);
  expect(cloud.newCalls()).toEqual(["DeleteResourcePolicy", "GetResourcePolicy"]);
});

it("says what AWS said when a secret cannot be made, and keeps nothing in the state", async () => {
  await client.make(secretType, { name: "orders" });
  const failure = await failureOf(client.make(secretType, { name: "orders" }));
  expect(failure.halfDone).toBeUndefined();
  expect(failure.message).toMatch(
    /creating Secrets Manager Secret \(orders\): operation error Secrets Manager: CreateSecret, https response error StatusCode: 400, .*ResourceExistsException/,
  );
});

it("never puts a secret's value into an error", async () => {
  const missing = { secretId: "missing", secretString: "the value" };
  const failure = await failureOf(client.make(versionType, missing));
  expect(failure.message).toContain("ResourceNotFoundException");
  expect(failure.message).not.toContain("the value");
});
