import {
  BatchGetSecretValueCommand,
  type BatchGetSecretValueCommandInput,
  CreateSecretCommand,
  DeleteSecretCommand,
  type Filter,
  ListSecretsCommand,
  type ListSecretsCommandInput,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refusalOf } from "../aws-fixture.ts";
import { type SecretsCloud, startSecretsCloud } from "./secrets-fixture.ts";

let cloud: SecretsCloud;
beforeEach(async () => {
  cloud = await startSecretsCloud();
  const create = (Name: string, Description: string, tag: string) =>
    cloud.east.send(
      new CreateSecretCommand({
        Name,
        Description,
        SecretString: `value of ${Name}`,
        Tags: [{ Key: "Service", Value: tag }],
      }),
    );
  await create("orders/database", "Password of the orders database", "orders-prod");
  await create("orders/api", "Key of the API", "orders-prod");
  await create("billing", "Another password", "billing-prod");
});
afterEach(() => cloud.close());

const list = async (input: ListSecretsCommandInput) =>
  (await cloud.east.send(new ListSecretsCommand(input))).SecretList?.map((each) => each.Name);
const filtered = (...Filters: Filter[]) => list({ Filters });

describe("ListSecrets", () => {
  test.each<[string, Filter[], string[]]>([
    ["a name's prefix", [{ Key: "name", Values: ["orders/"] }], ["orders/database", "orders/api"]],
    ["a name's case", [{ Key: "name", Values: ["Orders"] }], []],
    [
      "one of two names",
      [{ Key: "name", Values: ["bill", "orders/a"] }],
      ["orders/api", "billing"],
    ],
    ["no such name", [{ Key: "name", Values: ["!orders"] }], ["billing"]],
    [
      "a description in any case",
      [{ Key: "description", Values: ["password OF"] }],
      ["orders/database"],
    ],
    ["a tag's value", [{ Key: "tag-value", Values: ["billing"] }], ["billing"]],
    ["a tag's key", [{ Key: "tag-key", Values: ["service"] }], []],
    ["words anywhere", [{ Key: "all", Values: ["prod passw"] }], ["orders/database", "billing"]],
    ["a service that owns it", [{ Key: "owning-service", Values: ["rds"] }], []],
    [
      "all of several filters",
      [
        { Key: "name", Values: ["orders"] },
        { Key: "description", Values: ["key"] },
      ],
      ["orders/api"],
    ],
  ])("finds secrets by %s", async (_what, filters, names) => {
    expect(await filtered(...filters)).toEqual(names);
  });

  test("goes page by page in the order asked for", async () => {
    const input = { MaxResults: 2, SortBy: "name", SortOrder: "desc" } as const;
    const first = await cloud.east.send(new ListSecretsCommand(input));
    expect(first.SecretList?.map((each) => each.Name)).toEqual(["orders/database", "orders/api"]);
    const NextToken = first.NextToken ?? "";
    expect(await list({ ...input, NextToken })).toEqual(["billing"]);
  });

  test.each<[ListSecretsCommandInput, string, string]>([
    [{ NextToken: "none" }, "InvalidNextTokenException", "NextToken"],
    [{ MaxResults: 101 }, "ValidationException", "less than or equal to 100"],
    [
      { Filters: [{ Key: "owner" as "name", Values: ["x"] }] },
      "ValidationException",
      "Member must satisfy enum value set",
    ],
    [{ Filters: [{ Key: "name", Values: [] }] }, "InvalidParameterException", "key: name"],
  ])("refuses %j with %s", async (input, code, text) => {
    expect(await refusalOf(list(input))).toMatchObject({
      name: code,
      status: 400,
      message: expect.stringContaining(text),
    });
  });
});

describe("BatchGetSecretValue", () => {
  const batch = (input: BatchGetSecretValueCommandInput) =>
    cloud.east.send(new BatchGetSecretValueCommand(input));

  test("answers the values that can be read beside the errors of the others", async () => {
    await cloud.east.send(new DeleteSecretCommand({ SecretId: "billing" }));
    const answer = await batch({ SecretIdList: ["orders/api", "billing", "none"] });
    expect(answer.SecretValues).toMatchObject([
      { Name: "orders/api", SecretString: "value of orders/api", VersionStages: ["AWSCURRENT"] },
    ]);
    expect(answer.Errors).toMatchObject([
      { SecretId: "billing", ErrorCode: "InvalidRequestException" },
      { SecretId: "none", ErrorCode: "ResourceNotFoundException" },
    ]);
  });

  test("chooses by filters, page by page", async () => {
    const Filters: Filter[] = [{ Key: "tag-value", Values: ["orders"] }];
    const first = await batch({ Filters, MaxResults: 1 });
    expect(first.SecretValues?.map((each) => each.Name)).toEqual(["orders/database"]);
    const second = await batch({ Filters, MaxResults: 1, NextToken: first.NextToken });
    expect(second.SecretValues?.map((each) => each.Name)).toEqual(["orders/api"]);
    expect(second.NextToken).toBeUndefined();
  });

  test.each<[BatchGetSecretValueCommandInput, string]>([
    [{}, "InvalidParameterException"],
    [
      { SecretIdList: ["a"], Filters: [{ Key: "name", Values: ["a"] }] },
      "InvalidParameterException",
    ],
    [{ SecretIdList: ["a"], MaxResults: 1 }, "InvalidParameterException"],
    [
      { SecretIdList: Array.from({ length: 21 }, (_, index) => `s${index}`) },
      "ValidationException",
    ],
  ])("refuses %j with %s", async (input, code) => {
    expect(await refusalOf(batch(input))).toMatchObject({ name: code, status: 400 });
  });
});

test("the versions of a secret come page by page", async () => {
  for (const value of ["two", "three"])
    await cloud.east.send(new PutSecretValueCommand({ SecretId: "billing", SecretString: value }));
  const input = { SecretId: "billing", IncludeDeprecated: true, MaxResults: 2 };
  const first = await cloud.east.send(new ListSecretVersionIdsCommand(input));
  const second = await cloud.east.send(
    new ListSecretVersionIdsCommand({ ...input, NextToken: first.NextToken }),
  );
  expect([first.Versions?.length, second.Versions?.length]).toEqual([2, 1]);
});
