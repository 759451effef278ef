import {
  CreateSecretCommand,
  DeleteSecretCommand,
  ReplicateSecretToRegionsCommand,
} from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKms } from "../../src/kms/kms.ts";
import { Outages } from "../../src/outages.ts";
import { createSecretsManager } from "../../src/secrets-manager/secrets-manager.ts";
import { east, quickDials, west } from "../aws-fixture.ts";
import { noFunctions } from "../function-use.fixture.ts";
import { sendOnTheWire } from "../wire-request.ts";
import { type SecretsCloud, startSecretsCloud, untilReplica } from "./secrets-fixture.ts";

let cloud: SecretsCloud;
beforeAll(async () => {
  cloud = await startSecretsCloud();
  for (const Name of ["live", "dying", "replicated"])
    await cloud.east.send(new CreateSecretCommand({ Name, SecretString: "s" }));
  await cloud.east.send(new DeleteSecretCommand({ SecretId: "dying" }));
  await cloud.east.send(
    new ReplicateSecretToRegionsCommand({
      SecretId: "replicated",
      AddReplicaRegions: [{ Region: west }],
    }),
  );
  await untilReplica(cloud.east, "replicated", "InSync");
});
afterAll(() => cloud.close());

async function send(operation: string, input: object, region: string) {
  const { status, type, body } = await sendOnTheWire({
    endpoint: cloud.endpoint.url,
    region,
    service: "secretsmanager",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `secretsmanager.${operation}`,
    },
    body: JSON.stringify(input),
  });
  return { status, type, body: JSON.parse(body) as { __type?: string; Message?: string } };
}

const missing = "Secrets Manager can't find the specified secret.";
const dying = "You can't perform this operation on the secret because it was marked for deletion.";
const replica =
  "Operation not permitted on a replica secret. Call must be made in primary secret's region.";
const onReplica = { SecretId: "replicated" };

const refusals: readonly (readonly [string, object, string, string, string?])[] = [
  [
    "BatchGetSecretValue",
    {},
    "InvalidParameterException",
    "Either 'SecretIdList' or 'Filters' must be provided, but not both.",
  ],
  ["CancelRotateSecret", onReplica, "InvalidParameterException", replica, west],
  [
    "CreateSecret",
    { Name: "dying", SecretString: "s" },
    "InvalidRequestException",
    "You can't create this secret because a secret with this name is already scheduled for deletion.",
  ],
  [
    "CreateSecret",
    { Name: "live" },
    "ResourceExistsException",
    "The operation failed because the secret live already exists.",
  ],
  ["DeleteResourcePolicy", onReplica, "InvalidParameterException", replica, west],
  [
    "DeleteSecret",
    { SecretId: "replicated" },
    "InvalidParameterException",
    "You can't delete secret replicated that still has replica regions [us-west-2]",
  ],
  [
    "DeleteSecret",
    { SecretId: "live", RecoveryWindowInDays: 6 },
    "InvalidParameterException",
    "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
  ],
  ["DescribeSecret", { SecretId: "none" }, "ResourceNotFoundException", missing],
  [
    "GetRandomPassword",
    { PasswordLength: 4097 },
    "InvalidParameterException",
    "The password can't be generated with the given length and exclusions.",
  ],
  ["GetResourcePolicy", { SecretId: "dying" }, "InvalidRequestException", dying],
  ["GetSecretValue", { SecretId: "dying" }, "InvalidRequestException", dying],
  [
    "GetSecretValue",
    { SecretId: "live", VersionStage: "AWSPENDING" },
    "ResourceNotFoundException",
    "Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
  ],
  [
    "ListSecrets",
    { NextToken: "x" },
    "InvalidNextTokenException",
    "The NextToken value is invalid.",
  ],
  ["ListSecretVersionIds", { SecretId: "none" }, "ResourceNotFoundException", missing],
  [
    "PutResourcePolicy",
    { ...onReplica, ResourcePolicy: "{}" },
    "InvalidParameterException",
    replica,
    west,
  ],
  [
    "PutResourcePolicy",
    { SecretId: "live", ResourcePolicy: "{" },
    "MalformedPolicyDocumentException",
    "This resource policy contains invalid JSON.",
  ],
  [
    "PutSecretValue",
    { ...onReplica, SecretString: "s" },
    "InvalidParameterException",
    replica,
    west,
  ],
  [
    "RemoveRegionsFromReplication",
    { SecretId: "live", RemoveReplicaRegions: [west] },
    "ResourceNotFoundException",
    "Secret has no replica in region us-west-2.",
  ],
  [
    "ReplicateSecretToRegions",
    { SecretId: "live", AddReplicaRegions: [{ Region: east }] },
    "InvalidParameterException",
    "Invalid replica region: the secret's own region can't be a replica region.",
  ],
  ["RestoreSecret", { SecretId: "none" }, "ResourceNotFoundException", missing],
  [
    "RotateSecret",
    { SecretId: "live" },
    "InvalidRequestException",
    "No Lambda rotation function ARN is associated with this secret.",
  ],
  [
    "StopReplicationToReplica",
    { SecretId: "live" },
    "InvalidParameterException",
    "Operation not permitted on a secret that is not a replica.",
  ],
  ["TagResource", { ...onReplica, Tags: [] }, "InvalidParameterException", replica, west],
  ["UntagResource", { SecretId: "none", TagKeys: [] }, "ResourceNotFoundException", missing],
  ["UpdateSecret", { ...onReplica, Description: "x" }, "InvalidParameterException", replica, west],
  [
    "UpdateSecretVersionStage",
    { SecretId: "live", VersionStage: "AWSCURRENT" },
    "InvalidParameterException",
    "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
  ],
  [
    "ValidateResourcePolicy",
    { ResourcePolicy: "[" },
    "MalformedPolicyDocumentException",
    "This resource policy contains invalid JSON.",
  ],
];

test.each(
  refusals.map(([operation, input, code, message, region = east]) => ({
    operation,
    input,
    code,
    message,
    region,
  })),
)("$operation of $input is refused with $code", async (refusal) => {
  const { operation, input, code, message, region } = refusal;
  expect(await send(operation, input, region)).toEqual({
    status: 400,
    type: "application/x-amz-json-1.1",
    body: { __type: code, Message: message },
  });
});

test("there is a refusal for every operation", () => {
  const service = createSecretsManager({
    dials: quickDials,
    outages: new Outages(),
    keys: createKms().keys,
    functions: noFunctions,
  });
  expect([...new Set(refusals.map(([operation]) => operation))].sort()).toEqual(
    Object.keys(service.operations).sort(),
  );
});
