import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
  ValidateResourcePolicyCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refusalOf, west } from "../aws-fixture.ts";
import { describeSecret, type SecretsCloud, startSecretsCloud } from "./secrets-fixture.ts";

let cloud: SecretsCloud;
beforeEach(async () => {
  cloud = await startSecretsCloud();
});
afterEach(() => cloud.close());

const SecretId = "orders/database";
const create = (replicated = false) =>
  cloud.east.send(
    new CreateSecretCommand({
      Name: SecretId,
      SecretString: "one",
      ...(replicated && { AddReplicaRegions: [{ Region: west }] }),
    }),
  );

describe("deletion", () => {
  test("keeps the name taken and the value unreadable until the secret is restored", async () => {
    await create();
    await cloud.east.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
    expect((await describeSecret(cloud.east, SecretId)).DeletedDate).toBeInstanceOf(Date);
    const read = () => cloud.east.send(new GetSecretValueCommand({ SecretId }));
    expect(await refusalOf(read())).toMatchObject({
      name: "InvalidRequestException",
      status: 400,
      message: expect.stringContaining("marked for deletion"),
    });
    expect(await refusalOf(create())).toMatchObject({
      name: "InvalidRequestException",
      message: expect.stringContaining("scheduled for deletion"),
    });
    await cloud.east.send(new RestoreSecretCommand({ SecretId }));
    expect((await read()).SecretString).toBe("one");
  });

  test("is refused while there are replicas", async () => {
    await create(true);
    expect(await refusalOf(cloud.east.send(new DeleteSecretCommand({ SecretId })))).toMatchObject({
      name: "InvalidParameterException",
      message: `You can't delete secret ${SecretId} that still has replica regions [us-west-2]`,
    });
  });

  test("by force frees the name, and is answered for a secret that is not there", async () => {
    await create();
    const force = new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true });
    await cloud.east.send(force);
    await cloud.east.send(force);
    await create();
  });

  test("refuses a recovery window out of range", async () => {
    await create();
    const short = new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 3 });
    expect(await refusalOf(cloud.east.send(short))).toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

describe("the resource policy", () => {
  const policy = (Principal: unknown) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action: "*", Resource: "*" }] });
  const put = (ResourcePolicy: string) =>
    cloud.east.send(
      new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy: true }),
    );

  test("is put, read and deleted", async () => {
    await create();
    const text = policy({ AWS: "arn:aws:iam::123456789012:root" });
    await put(text);
    const get = new GetResourcePolicyCommand({ SecretId });
    expect((await cloud.east.send(get)).ResourcePolicy).toBe(text);
    await cloud.east.send(new DeleteResourcePolicyCommand({ SecretId }));
    expect((await cloud.east.send(get)).ResourcePolicy).toBeUndefined();
  });

  test("is refused when it is not JSON or lets anybody in", async () => {
    await create();
    expect(await refusalOf(put("{"))).toMatchObject({ name: "MalformedPolicyDocumentException" });
    expect(await refusalOf(put(policy("*")))).toMatchObject({ name: "PublicPolicyException" });
    const validate = new ValidateResourcePolicyCommand({ ResourcePolicy: policy("*") });
    expect((await cloud.east.send(validate)).PolicyValidationPassed).toBe(false);
  });
});

test("secrets are listed by name and tag", async () => {
  await create();
  await cloud.east.send(new CreateSecretCommand({ Name: "other" }));
  await cloud.east.send(
    new TagResourceCommand({ SecretId, Tags: [{ Key: "service", Value: "a" }] }),
  );
  const names = async (Key: "name" | "tag-key", value: string) => {
    const list = new ListSecretsCommand({ Filters: [{ Key, Values: [value] }] });
    return (await cloud.east.send(list)).SecretList?.map((secret) => secret.Name);
  };
  expect(await names("name", "ord")).toEqual([SecretId]);
  expect(await names("tag-key", "service")).toEqual([SecretId]);
  await cloud.east.send(new UntagResourceCommand({ SecretId, TagKeys: ["service"] }));
  expect(await names("tag-key", "service")).toEqual([]);
});
