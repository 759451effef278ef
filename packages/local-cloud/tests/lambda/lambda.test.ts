import {
  AddPermissionCommand,
  CreateFunctionCommand,
  type CreateFunctionRequest,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  ResourceConflictException,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { functionPrincipal } from "../../src/account.ts";
import { createLambda, type Lambda } from "../../src/lambda/lambda.ts";
import { eventually, refusalOf, startTestCloud, type TestCloud, west } from "../aws-fixture.ts";
import { FakeRuntime } from "./fake-runtime.ts";

const Role = "arn:aws:iam::123456789012:role/orders-us-west-2";
const archive = zipSync({ "index.mjs": Buffer.from("export const handler = () => 1;") });
const FunctionName = "orders-api";

let cloud: TestCloud;
let runtime: FakeRuntime;
let service: Lambda;
let client: LambdaClient;
beforeEach(async () => {
  runtime = new FakeRuntime();
  cloud = await startTestCloud(({ outages }) => {
    service = createLambda({ runtime, outages, endpointUrl: () => cloud.endpoint.url });
    return [service];
  });
  client = new LambdaClient(cloud.clientOptions(west));
});
afterEach(async () => {
  await cloud.endpoint.close();
  await service.close();
});

const createOnly = (changes: Partial<CreateFunctionRequest> = {}) =>
  client.send(
    new CreateFunctionCommand({
      FunctionName,
      Role,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Timeout: 7,
      Code: { ZipFile: archive },
      Environment: { Variables: { SECRET_NAME: "arn" } },
      Tags: { service: "orders" },
      ...changes,
    }),
  );
const configuration = () => client.send(new GetFunctionConfigurationCommand({ FunctionName }));
const untilUpdated = () =>
  eventually(configuration, (lambda) => lambda.LastUpdateStatus !== "InProgress");
const create = async (changes: Partial<CreateFunctionRequest> = {}) => {
  await createOnly(changes);
  return untilUpdated();
};

describe("a function", () => {
  test("is Pending, then Active with its bundle deployed", async () => {
    expect((await createOnly()).State).toBe("Pending");
    expect(await untilUpdated()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Successful",
      FunctionArn: "arn:aws:lambda:us-west-2:123456789012:function:orders-api",
      MemorySize: 128,
      Environment: { Variables: { SECRET_NAME: "arn" } },
    });
    const principal = functionPrincipal(Role, FunctionName);
    expect(runtime.deployments).toMatchObject([
      {
        region: west,
        name: FunctionName,
        handler: "index.handler",
        timeoutSeconds: 7,
        environment: {
          SECRET_NAME: "arn",
          AWS_REGION: west,
          AWS_LAMBDA_FUNCTION_NAME: FunctionName,
          AWS_ACCESS_KEY_ID: principal.accessKeyId,
          AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
          AWS_ENDPOINT_URL: cloud.endpoint.url,
        },
      },
    ]);
    expect(Buffer.from(runtime.deployments[0]?.archive ?? []).equals(Buffer.from(archive))).toBe(
      true,
    );
  });

  test("whose bundle cannot be deployed is Failed with the reason", async () => {
    runtime.failure = new Error("no handler in the bundle");
    expect(await create()).toMatchObject({
      State: "Failed",
      StateReason: "no handler in the bundle",
    });
    expect(await refusalOf(client.send(new InvokeCommand({ FunctionName })))).toMatchObject({
      name: "ResourceConflictException",
      status: 409,
    });
  });

  test.each([
    [
      "a reserved variable",
      { Environment: { Variables: { AWS_REGION: "x" } } },
      "InvalidParameterValueException",
      400,
    ],
    ["no archive", { Code: { S3Bucket: "b", S3Key: "k" } }, "NotModelled", 501],
    [
      "an archive that is none",
      { Code: { ZipFile: new Uint8Array([1, 2, 3]) } },
      "InvalidParameterValueException",
      400,
    ],
    [
      "a role that is none",
      { Role: "arn:aws:iam::1:user/x" },
      "InvalidParameterValueException",
      400,
    ],
  ])("is refused with %s", async (_what, changes, name, status) => {
    expect(await refusalOf(createOnly(changes))).toMatchObject({ name, status });
  });

  test("is made once, found by name and ARN, and deleted", async () => {
    const { FunctionArn = "" } = await create();
    await expect(createOnly()).rejects.toBeInstanceOf(ResourceConflictException);
    const found = await client.send(new GetFunctionCommand({ FunctionName: FunctionArn }));
    expect(found).toMatchObject({ Configuration: { FunctionName }, Tags: { service: "orders" } });
    await client.send(new DeleteFunctionCommand({ FunctionName }));
    expect(runtime.removed).toEqual([`${west} ${FunctionName}`]);
    await expect(configuration()).rejects.toBeInstanceOf(ResourceNotFoundException);
    expect(await refusalOf(configuration())).toMatchObject({ status: 404 });
  });

  test("gets new configuration and new code", async () => {
    const { CodeSha256 } = await create();
    await client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { B: "2" } },
      }),
    );
    await untilUpdated();
    await client.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipSync({ a: Buffer.from("b") }) }),
    );
    expect(await untilUpdated()).toMatchObject({
      Timeout: 7,
      Environment: { Variables: { B: "2" } },
    });
    expect((await configuration()).CodeSha256).not.toBe(CodeSha256);
    expect(runtime.deployments).toHaveLength(3);
    expect(runtime.deployments[2]?.environment).not.toHaveProperty("SECRET_NAME");
  });

  test("tells its reserved concurrency", async () => {
    await create();
    const concurrency = async () =>
      (await client.send(new GetFunctionCommand({ FunctionName }))).Concurrency;
    await client.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 2 }),
    );
    expect(await concurrency()).toEqual({ ReservedConcurrentExecutions: 2 });
    await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await concurrency()).toBeUndefined();
  });

  test("has tags and a resource policy", async () => {
    const { FunctionArn: Resource = "" } = await create();
    await client.send(new TagResourceCommand({ Resource, Tags: { a: "1" } }));
    await client.send(new UntagResourceCommand({ Resource, TagKeys: ["service"] }));
    expect((await client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ a: "1" });
    const policy = new GetPolicyCommand({ FunctionName });
    expect(await refusalOf(client.send(policy))).toMatchObject({
      name: "ResourceNotFoundException",
    });
    await client.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "rotation",
        Action: "lambda:InvokeFunction",
        Principal: "secretsmanager.amazonaws.com",
      }),
    );
    expect(JSON.parse((await client.send(policy)).Policy ?? "{}")).toMatchObject({
      Statement: [{ Sid: "rotation", Principal: { Service: "secretsmanager.amazonaws.com" } }],
    });
  });
});

describe("an invocation", () => {
  const invoke = (event: unknown, InvocationType?: "DryRun" | "Event") =>
    client.send(
      new InvokeCommand({
        FunctionName,
        Payload: Buffer.from(JSON.stringify(event)),
        LogType: "Tail",
        ...(InvocationType && { InvocationType }),
      }),
    );

  test("answers with the payload, the version and the log's tail", async () => {
    await create();
    const answer = await invoke({ id: 1 });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toEqual({ id: 1 });
    expect(Buffer.from(answer.LogResult ?? "", "base64").toString()).toBe("a line");
  });

  test("that fails in the function is answered with 200 and says so", async () => {
    await create();
    expect(await invoke({ fail: true })).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
    });
  });

  test("as a dry run runs nothing", async () => {
    await create();
    expect(await invoke({}, "DryRun")).toMatchObject({ StatusCode: 204 });
  });

  test("is refused without a function, with a broken event, and asynchronously", async () => {
    expect(await refusalOf(invoke({}))).toMatchObject({
      name: "ResourceNotFoundException",
      status: 404,
    });
    await create();
    const broken = client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from("{") }));
    expect(await refusalOf(broken)).toMatchObject({
      name: "InvalidRequestContentException",
      status: 400,
    });
    expect(await refusalOf(invoke({}, "Event"))).toMatchObject({
      name: "NotModelled",
      status: 501,
    });
  });
});
