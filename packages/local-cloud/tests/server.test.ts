import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { functionPrincipal, operator, workload } from "../src/account.ts";
import { createKms } from "../src/kms/kms.ts";
import { createSts } from "../src/sts.ts";
import { east, refusalOf, startTestCloud, type TestCloud, west } from "./aws-fixture.ts";

let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startTestCloud(() => [createSts(), createKms()]);
});
afterEach(() => cloud.endpoint.close());

const whoAmI = (client: STSClient, signal = AbortSignal.timeout(10_000)) =>
  client.send(new GetCallerIdentityCommand(), { abortSignal: signal });

describe("who asks", () => {
  const role = functionPrincipal("arn:aws:iam::123456789012:role/orders-us-west-2", "orders-api");

  test.each([operator, workload, role])("$arn is known by its access key", async (principal) => {
    const client = new STSClient(cloud.clientOptions(west, principal));
    expect((await whoAmI(client)).Arn).toBe(principal.arn);
    expect(cloud.log.calls()).toMatchObject([
      { region: west, service: "sts", operation: "GetCallerIdentity", principal: principal.arn },
    ]);
  });

  test("an unknown access key is refused in the words of each protocol", async () => {
    const stranger = { arn: "", accessKeyId: "AKIASTRANGER", secretAccessKey: "x" };
    const options = cloud.clientOptions(west, stranger);
    expect(await refusalOf(whoAmI(new STSClient(options)))).toMatchObject({
      name: "InvalidClientTokenId",
      status: 403,
    });
    expect(await refusalOf(new KMSClient(options).send(new CreateKeyCommand()))).toMatchObject({
      name: "UnrecognizedClientException",
      status: 400,
    });
    expect(cloud.log.calls().map((call) => call.principal)).toEqual(["unknown", "unknown"]);
  });

  test("a request without a signature is refused and logged", async () => {
    const answer = await fetch(cloud.endpoint.url, {
      method: "POST",
      headers: { "x-amz-target": "secretsmanager.GetSecretValue" },
      body: "{}",
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
    expect(cloud.log.calls()).toMatchObject([
      { service: "secretsmanager", operation: "GetSecretValue", region: "unknown", status: 400 },
    ]);
  });

  test("a garbled signature is refused", async () => {
    const answer = await fetch(cloud.endpoint.url, {
      method: "POST",
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=AKIA/broken" },
      body: new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" }),
    });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>IncompleteSignature</Code>");
  });
});

describe("what is not there", () => {
  test.each([
    [
      "RDS.DescribeDBClusters",
      () => new RDSClient(cloud.clientOptions(east)).send(new DescribeDBClustersCommand()),
    ],
    [
      "Route53.ListHostedZones",
      () => new Route53Client(cloud.clientOptions(east)).send(new ListHostedZonesCommand()),
    ],
    [
      "SecretsManager.ListSecrets",
      () => new SecretsManagerClient(cloud.clientOptions(east)).send(new ListSecretsCommand()),
    ],
  ])("%s is answered 501 by name", async (name, call) => {
    expect(await refusalOf(call())).toMatchObject({
      name: "NotModelled",
      status: 501,
      message: `NotModelled: ${name}`,
    });
  });

  test("a service that nothing knows is logged and answered 501", async () => {
    const answer = await fetch(`${cloud.endpoint.url}/things/key`, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${operator.accessKeyId}/20261124/eu-west-1/things/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
    });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain("NotModelled: things.GET /things/key");
    expect(cloud.log.calls()).toMatchObject([
      { service: "other", operation: "things.GET /things/key", region: "eu-west-1" },
    ]);
  });

  test("a request whose required member is missing is refused", async () => {
    const answer = await fetch(cloud.endpoint.url, {
      method: "POST",
      headers: {
        "x-amz-target": "TrentService.DescribeKey",
        authorization: `AWS4-HMAC-SHA256 Credential=${operator.accessKeyId}/20261124/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
      body: "{}",
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ __type: "ValidationException" });
  });
});

describe("a lost Region", () => {
  test("hangs without an answer while the other Region answers", async () => {
    await cloud.outages.lose(east, "hang");
    const lost = whoAmI(new STSClient(cloud.clientOptions(east)), AbortSignal.timeout(300));
    await expect(lost).rejects.toThrow(/abort/i);
    await whoAmI(new STSClient(cloud.clientOptions(west)));
    expect(
      cloud.log.calls().map(({ region, outcome, status }) => [region, outcome, status]),
    ).toEqual([
      [east, "hang", undefined],
      [west, "answered", 200],
    ]);
  });

  test("does not keep the endpoint from closing", async () => {
    await cloud.outages.lose(east, "hang");
    const lost = whoAmI(new STSClient(cloud.clientOptions(east)));
    const failed = expect(lost).rejects.toThrow();
    while (cloud.log.last === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await cloud.endpoint.close();
    await failed;
  });

  test("cuts the connection when it refuses", async () => {
    await cloud.outages.lose(east, "refuse");
    await expect(whoAmI(new STSClient(cloud.clientOptions(east)))).rejects.toMatchObject({
      code: "ECONNRESET",
    });
  });

  test("answers 503 in the service's own shape", async () => {
    await cloud.outages.lose(east, "5xx");
    const options = cloud.clientOptions(east);
    const calls = [
      () => whoAmI(new STSClient(options)),
      () => new KMSClient(options).send(new CreateKeyCommand()),
    ];
    for (const call of calls)
      expect(await refusalOf(call())).toMatchObject({ name: "ServiceUnavailable", status: 503 });
    expect(cloud.log.calls()).toMatchObject([
      { outcome: "5xx", status: 503 },
      { outcome: "5xx", status: 503 },
    ]);
  });

  test("answers again after it was restored", async () => {
    await cloud.outages.lose(east, "5xx");
    await cloud.outages.restore(east);
    expect((await whoAmI(new STSClient(cloud.clientOptions(east)))).Account).toBe("123456789012");
  });
});

describe("an injected fault", () => {
  test("spoils as many calls as it says, with its code and status", async () => {
    cloud.faults.add({
      service: "kms",
      operation: "CreateKey",
      times: 1,
      kind: "refuse",
      errorCode: "LimitExceededException",
    });
    const client = new KMSClient(cloud.clientOptions(east));
    expect(await refusalOf(client.send(new CreateKeyCommand()))).toMatchObject({
      name: "LimitExceededException",
      status: 400,
    });
    await client.send(new CreateKeyCommand());
    expect(cloud.log.calls().map((call) => call.errorCode)).toEqual([
      "LimitExceededException",
      undefined,
    ]);
  });

  test("takes effect when only its answer is lost", async () => {
    cloud.faults.add({ service: "kms", operation: "CreateAlias", times: 1, kind: "lose-answer" });
    const client = new KMSClient(cloud.clientOptions(east));
    const { KeyMetadata } = await client.send(new CreateKeyCommand());
    const alias = new CreateAliasCommand({
      AliasName: "alias/orders",
      TargetKeyId: KeyMetadata?.KeyId,
    });
    await expect(client.send(alias)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await refusalOf(client.send(alias))).toMatchObject({ name: "AlreadyExistsException" });
  });

  test("spoils nothing more once it is cleared", async () => {
    cloud.faults.add({ service: "kms", operation: "CreateKey", times: 9, kind: "refuse" });
    cloud.faults.clear();
    await new KMSClient(cloud.clientOptions(east)).send(new CreateKeyCommand());
  });
});
