import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { functionPrincipal } from "../../src/account.ts";
import type { Statement } from "../../src/iam/policy.ts";
import { operation } from "../../src/operation.ts";
import { refusalOf, startTestCloud, type TestCloud, west } from "../aws-fixture.ts";

const arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders/database-AbCdEf";
const keyArn = "arn:aws:kms:us-west-2:123456789012:key/1";
const role = functionPrincipal("arn:aws:iam::123456789012:role/orders-us-west-2", "orders-api");

const read: Statement = {
  Effect: "Allow",
  Action: "secretsmanager:GetSecretValue",
  Resource: arn,
};
const decrypt: Statement = {
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: keyArn,
  Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-west-2.amazonaws.com" } },
};

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud(
    () => [
      {
        name: "secretsmanager",
        operations: {
          GetSecretValue: operation(() => ({ ARN: arn, SecretString: '{"password":"hunter-22"}' })),
        },
      },
    ],
    () => ({ arn, keyArn }),
  );
});
afterEach(() => cloud.endpoint.close());

const allow = (...statements: readonly Statement[]) =>
  cloud.rolePolicies.put("orders-us-west-2", "orders-api", { Statement: statements });

const get = (principal = role) =>
  new SecretsManagerClient(cloud.clientOptions(west, principal)).send(
    new GetSecretValueCommand({ SecretId: "orders/database" }),
  );

describe("what a function's role may do", () => {
  it("lets a call through that its policies allow, the key's use included", async () => {
    allow(read, decrypt);
    expect((await get()).ARN).toBe(arn);
  });

  it("refuses any other in AWS's words", async () => {
    allow(decrypt);
    expect(await refusalOf(get())).toMatchObject({
      name: "AccessDeniedException",
      status: 400,
      message: `User: arn:aws:sts::123456789012:assumed-role/orders-us-west-2/orders-api is not authorized to perform: secretsmanager:GetSecretValue on resource: ${arn} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    });
    cloud.rolePolicies.remove("orders-us-west-2", "orders-api");
    expect(await refusalOf(get())).toMatchObject({ name: "AccessDeniedException" });
  });

  it("refuses the value when only the key may not be used", async () => {
    allow(read);
    expect(await refusalOf(get())).toMatchObject({
      name: "AccessDeniedException",
      message: "Access to KMS is not allowed",
    });
  });

  it("is written into the log, with what each call needs", async () => {
    allow(read, decrypt);
    await get();
    expect(cloud.log.calls()).toMatchObject([
      {
        principal: role.arn,
        permissions: [
          { action: "secretsmanager:GetSecretValue", resource: arn },
          { action: "kms:Decrypt", resource: keyArn },
        ],
      },
    ]);
  });

  it("is nobody's concern for a role that was not declared, and for a person", async () => {
    expect((await get()).ARN).toBe(arn);
    allow();
    const other = functionPrincipal("arn:aws:iam::123456789012:role/undeclared", "f");
    expect((await get(other)).ARN).toBe(arn);
  });
});

it("learns a password on its way", async () => {
  await get();
  expect(cloud.passwords.all()).toEqual(["hunter-22"]);
});
