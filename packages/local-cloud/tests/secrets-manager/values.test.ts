import { DisableKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { east, refusalOf } from "../aws-fixture.ts";
import { describeSecret, type SecretsCloud, startSecretsCloud } from "./secrets-fixture.ts";

let cloud: SecretsCloud;
beforeEach(async () => {
  cloud = await startSecretsCloud();
});
afterEach(() => cloud.close());

const create = (value = "one", KmsKeyId?: string) =>
  cloud.east.send(
    new CreateSecretCommand({
      Name: "orders/database",
      SecretString: value,
      ...(KmsKeyId && { KmsKeyId }),
    }),
  );
const read = (SecretId: string, stage?: string) =>
  cloud.east.send(new GetSecretValueCommand({ SecretId, ...(stage && { VersionStage: stage }) }));
const put = (SecretString: string, token?: string, stages?: string[]) =>
  cloud.east.send(
    new PutSecretValueCommand({
      SecretId: "orders/database",
      SecretString,
      ...(token && { ClientRequestToken: token }),
      ...(stages && { VersionStages: stages }),
    }),
  );
const token = (letter: string) => letter.repeat(32);

describe("a secret", () => {
  test("is read by name, ARN and ARN without its suffix", async () => {
    const { ARN = "" } = await create();
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:orders\/database-\w{6}$/,
    );
    for (const id of ["orders/database", ARN, ARN.slice(0, -7)])
      expect(await read(id)).toMatchObject({ SecretString: "one", VersionStages: ["AWSCURRENT"] });
  });

  test("is not found by another name or another Region's ARN", async () => {
    const { ARN = "" } = await create();
    for (const id of ["orders", ARN.replace("us-east-1", "us-west-2")])
      expect(await refusalOf(read(id))).toMatchObject({
        name: "ResourceNotFoundException",
        status: 400,
        message: "Secrets Manager can't find the specified secret.",
      });
  });

  test("has a name that no other secret of the Region has", async () => {
    await create();
    expect(await refusalOf(create())).toMatchObject({
      name: "ResourceExistsException",
      status: 400,
    });
  });

  test("keeps binary values", async () => {
    await cloud.east.send(
      new CreateSecretCommand({ Name: "binary", SecretBinary: new Uint8Array([0, 255, 7]) }),
    );
    expect([...((await read("binary")).SecretBinary ?? [])]).toEqual([0, 255, 7]);
  });

  test("cannot be made with a key that is not there", async () => {
    expect(await refusalOf(create("one", "alias/none"))).toMatchObject({
      name: "EncryptionFailure",
      status: 400,
    });
  });

  test("cannot be read while its key is disabled", async () => {
    const key = await cloud.newKey(east);
    await create("one", key);
    await cloud.kms[east]?.send(new DisableKeyCommand({ KeyId: key }));
    expect(await refusalOf(read("orders/database"))).toMatchObject({
      name: "DecryptionFailure",
      status: 400,
    });
  });
});

describe("versions", () => {
  test("a new value takes AWSCURRENT and leaves AWSPREVIOUS to the one before", async () => {
    await create("one");
    await put("two");
    await put("three");
    expect((await read("orders/database")).SecretString).toBe("three");
    expect((await read("orders/database", "AWSPREVIOUS")).SecretString).toBe("two");
    const { Versions } = await cloud.east.send(
      new ListSecretVersionIdsCommand({ SecretId: "orders/database", IncludeDeprecated: true }),
    );
    expect(Versions?.map((version) => version.VersionStages)).toEqual([
      [],
      ["AWSPREVIOUS"],
      ["AWSCURRENT"],
    ]);
  });

  test("the same token with the same value adds no version, with another value it is refused", async () => {
    await create("one");
    await put("two", token("a"));
    await put("two", token("a"));
    expect(
      Object.keys((await describeSecret(cloud.east, "orders/database")).VersionIdsToStages ?? {}),
    ).toHaveLength(2);
    const refusal = await refusalOf(put("three", token("a")));
    expect(refusal).toMatchObject({ name: "ResourceExistsException", status: 400 });
    expect(refusal.message).not.toContain("three");
  });

  test("a pending version becomes current when its label is moved", async () => {
    const { VersionId: first = "" } = await create("one");
    await put("two", token("b"), ["AWSPENDING"]);
    expect((await read("orders/database")).SecretString).toBe("one");
    const move = {
      SecretId: "orders/database",
      VersionStage: "AWSCURRENT",
      MoveToVersionId: token("b"),
    };
    expect(
      await refusalOf(cloud.east.send(new UpdateSecretVersionStageCommand(move))),
    ).toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("RemoveFromVersionId can't be empty"),
    });
    await cloud.east.send(
      new UpdateSecretVersionStageCommand({ ...move, RemoveFromVersionId: first }),
    );
    expect((await describeSecret(cloud.east, "orders/database")).VersionIdsToStages).toEqual({
      [first]: ["AWSPREVIOUS"],
      [token("b")]: ["AWSPENDING", "AWSCURRENT"],
    });
  });

  test("AWSCURRENT cannot be removed", async () => {
    const { VersionId = "" } = await create();
    const remove = new UpdateSecretVersionStageCommand({
      SecretId: "orders/database",
      VersionStage: "AWSCURRENT",
      RemoveFromVersionId: VersionId,
    });
    expect(await refusalOf(cloud.east.send(remove))).toMatchObject({
      name: "InvalidParameterException",
      status: 400,
    });
  });

  test("a label that no version has is not found", async () => {
    await create();
    expect(await refusalOf(read("orders/database", "AWSPENDING"))).toMatchObject({
      name: "ResourceNotFoundException",
      message: expect.stringContaining("staging label: AWSPENDING"),
    });
  });

  test("UpdateSecret writes a value and a description", async () => {
    await create();
    const update = { SecretId: "orders/database", SecretString: "two", Description: "new" };
    await cloud.east.send(new UpdateSecretCommand(update));
    expect((await read("orders/database")).SecretString).toBe("two");
    expect((await describeSecret(cloud.east, "orders/database")).Description).toBe("new");
  });
});

test("a random password has each type of character that is not excluded", async () => {
  const { RandomPassword = "" } = await cloud.east.send(
    new GetRandomPasswordCommand({
      PasswordLength: 8,
      ExcludePunctuation: true,
      ExcludeCharacters: "abc",
    }),
  );
  expect(RandomPassword).toMatch(/^(?=.*[d-z])(?=.*[A-Z])(?=.*\d)[d-zA-Z0-9]{8}$/);
  expect(
    await refusalOf(cloud.east.send(new GetRandomPasswordCommand({ PasswordLength: 2 }))),
  ).toMatchObject({ name: "InvalidParameterException" });
});
