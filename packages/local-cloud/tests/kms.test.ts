import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
  NotFoundException,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createKms } from "../src/kms/kms.ts";
import { east, refusalOf, startTestCloud, type TestCloud, west } from "./aws-fixture.ts";

let cloud: TestCloud;
let client: KMSClient;
let KeyId: string;
beforeEach(async () => {
  cloud = await startTestCloud(() => [createKms()]);
  client = new KMSClient(cloud.clientOptions(west));
  const tags = [{ TagKey: "service", TagValue: "orders" }];
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: "d", Tags: tags }));
  KeyId = KeyMetadata?.KeyId ?? "";
});
afterEach(() => cloud.endpoint.close());

const state = async (id = KeyId) =>
  (await client.send(new DescribeKeyCommand({ KeyId: id }))).KeyMetadata?.KeyState;

test("a key is described by id, ARN and alias", async () => {
  await client.send(new CreateAliasCommand({ AliasName: "alias/orders", TargetKeyId: KeyId }));
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: "alias/orders" }));
  expect(KeyMetadata).toMatchObject({
    KeyId,
    KeyState: "Enabled",
    Description: "d",
    KeyManager: "CUSTOMER",
  });
  expect(await state(KeyMetadata?.Arn)).toBe("Enabled");
  expect(await state("alias/aws/rds")).toBe("Enabled");
});

test("a key of another Region is not found", async () => {
  const inEast = new KMSClient(cloud.clientOptions(east));
  const call = () => inEast.send(new DescribeKeyCommand({ KeyId }));
  await expect(call()).rejects.toBeInstanceOf(NotFoundException);
  expect(await refusalOf(call())).toMatchObject({ status: 400 });
});

test("a key is disabled, enabled, scheduled for deletion and kept after all", async () => {
  await client.send(new DisableKeyCommand({ KeyId }));
  expect(await state()).toBe("Disabled");
  expect(await refusalOf(client.send(new EnableKeyRotationCommand({ KeyId })))).toMatchObject({
    name: "DisabledException",
  });
  await client.send(new EnableKeyCommand({ KeyId }));
  await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  expect(await state()).toBe("PendingDeletion");
  expect(await refusalOf(client.send(new EnableKeyCommand({ KeyId })))).toMatchObject({
    name: "KMSInvalidStateException",
    status: 400,
  });
  await client.send(new CancelKeyDeletionCommand({ KeyId }));
  expect(await state()).toBe("Disabled");
});

test("the policy, rotation and tags of a key are told and changed", async () => {
  const policy = async () => (await client.send(new GetKeyPolicyCommand({ KeyId }))).Policy;
  expect(JSON.parse((await policy()) ?? "{}").Statement[0].Principal.AWS).toBe(
    "arn:aws:iam::123456789012:root",
  );
  await client.send(new PutKeyPolicyCommand({ KeyId, Policy: '{"Statement":[]}' }));
  expect(await policy()).toBe('{"Statement":[]}');
  expect(
    await refusalOf(client.send(new PutKeyPolicyCommand({ KeyId, Policy: "{" }))),
  ).toMatchObject({
    name: "MalformedPolicyDocumentException",
  });
  await client.send(new EnableKeyRotationCommand({ KeyId }));
  expect(await client.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
  });
  await client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "a", TagValue: "1" }] }));
  expect((await client.send(new ListResourceTagsCommand({ KeyId }))).Tags).toHaveLength(2);
});

test("an alias is made once, listed and deleted", async () => {
  const create = () =>
    client.send(new CreateAliasCommand({ AliasName: "alias/orders", TargetKeyId: KeyId }));
  await create();
  expect(await refusalOf(create())).toMatchObject({ name: "AlreadyExistsException", status: 400 });
  expect((await client.send(new ListAliasesCommand({ KeyId }))).Aliases).toMatchObject([
    { AliasName: "alias/orders", TargetKeyId: KeyId },
  ]);
  await client.send(new DeleteAliasCommand({ AliasName: "alias/orders" }));
  expect(
    await refusalOf(client.send(new DeleteAliasCommand({ AliasName: "alias/orders" }))),
  ).toMatchObject({
    name: "NotFoundException",
  });
});
