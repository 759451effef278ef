import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { createCertificateAuthority } from "../../src/certificates.ts";
import { startDnsServer } from "../../src/dns-server.ts";
import { createFunctionRuntime } from "../../src/functions.ts";
import { createKms } from "../../src/kms/kms.ts";
import { createLambda } from "../../src/lambda/lambda.ts";
import { createSecretsManager } from "../../src/secrets-manager/secrets-manager.ts";
import { east, eventually, quickDials, startTestCloud } from "../aws-fixture.ts";

/** Talks to Secrets Manager as a function on AWS does: by the endpoint and the keys of its environment. */
const handler = `
const call = async (operation, input) => {
  const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_REGION } = process.env;
  const answer = await fetch(AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      "x-amz-target": "secretsmanager." + operation,
      authorization: "AWS4-HMAC-SHA256 Credential=" + AWS_ACCESS_KEY_ID + "/20261124/" + AWS_REGION +
        "/secretsmanager/aws4_request, SignedHeaders=host, Signature=" + "0".repeat(64),
    },
    body: JSON.stringify(input),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.Message);
  return body;
};
export const handler = async ({ Step, SecretId, ClientRequestToken }) => {
  if (Step === "createSecret")
    await call("PutSecretValue", { SecretId, ClientRequestToken, SecretString: "by a process", VersionStages: ["AWSPENDING"] });
  if (Step === "finishSecret") {
    const { VersionId } = await call("GetSecretValue", { SecretId });
    await call("UpdateSecretVersionStage", {
      SecretId, VersionStage: "AWSCURRENT", MoveToVersionId: ClientRequestToken, RemoveFromVersionId: VersionId,
    });
  }
};`;

async function startCloud(cleanUp: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), "standby-rotation-"));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const { caFile } = await createCertificateAuthority({ folder: join(folder, "certificates") });
  const dnsServer = await startDnsServer({ authorities: [], maximumTtlSeconds: undefined });
  cleanUp.defer(() => dnsServer.close());
  const runtime = createFunctionRuntime({ folder: join(folder, "functions"), dnsServer, caFile });
  cleanUp.defer(() => runtime.close());
  const cloud = await startTestCloud(({ outages }) => {
    const kms = createKms();
    const lambda = createLambda({ runtime, outages, endpointUrl: () => cloud.endpoint.url });
    const { functions } = lambda;
    const secrets = createSecretsManager({
      dials: quickDials,
      outages,
      keys: kms.keys,
      functions,
    });
    cleanUp.defer(() => lambda.close());
    cleanUp.defer(() => secrets.close());
    return [kms, lambda, secrets];
  });
  cleanUp.defer(() => cloud.endpoint.close());
  return cloud;
}

test("a deployed function rotates a secret from its own process", async () => {
  await using cleanUp = new AsyncDisposableStack();
  const cloud = await startCloud(cleanUp);
  const lambda = new LambdaClient(cloud.clientOptions(east));
  const secrets = new SecretsManagerClient(cloud.clientOptions(east));
  const { FunctionArn: RotationLambdaARN = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "rotation",
      Role: "arn:aws:iam::123456789012:role/rotation",
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Timeout: 20,
      Code: { ZipFile: zipSync({ "index.mjs": strToU8(handler) }) },
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: "rotation",
      StatementId: "rotation",
      Action: "lambda:InvokeFunction",
      Principal: "secretsmanager.amazonaws.com",
    }),
  );
  await eventually(
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "rotation" })),
    ({ State }) => State === "Active",
    30_000,
  );
  const SecretId = "orders/database";
  await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: "original" }));
  await secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN }));
  await eventually(
    () => secrets.send(new DescribeSecretCommand({ SecretId })),
    ({ LastRotatedDate }) => LastRotatedDate !== undefined,
    30_000,
  );
  expect((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe(
    "by a process",
  );
  const operations = cloud.log
    .calls()
    .filter((call) => call.principal.includes("assumed-role"))
    .map((call) => call.operation);
  expect(operations).toEqual(["PutSecretValue", "GetSecretValue", "UpdateSecretVersionStage"]);
});
