import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLambda, type Lambda } from "../../src/lambda/lambda.ts";
import { east, eventually, startTestCloud, type TestCloud } from "../aws-fixture.ts";
import { FakeRuntime } from "./fake-runtime.ts";

const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:rotation";
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf";
const secretsManager = "secretsmanager.amazonaws.com";

let cloud: TestCloud;
let service: Lambda;
let client: LambdaClient;
beforeEach(async () => {
  cloud = await startTestCloud(({ outages }) => {
    service = createLambda({ runtime: new FakeRuntime(), outages, endpointUrl: () => "" });
    return [service];
  });
  client = new LambdaClient(cloud.clientOptions(east));
  await client.send(
    new CreateFunctionCommand({
      FunctionName: "rotation",
      Role: "arn:aws:iam::123456789012:role/rotation",
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Code: { ZipFile: zipSync({ "index.mjs": strToU8("") }) },
    }),
  );
});
afterEach(async () => {
  await cloud.endpoint.close();
  await service.close();
});

const permit = (Principal: string, SourceArn?: string, Action = "lambda:InvokeFunction") =>
  client.send(
    new AddPermissionCommand({
      FunctionName: "rotation",
      StatementId: `${Principal}-statement`.replaceAll(".", "-"),
      Action,
      Principal,
      ...(SourceArn && { SourceArn }),
    }),
  );
const permits = (arn = functionArn) =>
  service.functions.permits({
    region: east,
    functionArn: arn,
    service: secretsManager,
    sourceArn: secretArn,
  });

describe("a function permits Secrets Manager", () => {
  test.each([
    undefined,
    secretArn,
    secretArn.replace("AbCdEf", "??????"),
    "arn:aws:secretsmanager:*",
  ])("when its policy names the service for %s", async (sourceArn) => {
    expect(permits()).toBe(false);
    await permit(secretsManager, sourceArn);
    expect(permits()).toBe(true);
  });

  test("for other secrets only when the policy names other secrets", async () => {
    await permit(secretsManager, secretArn.replace("orders", "billing"));
    expect(permits()).toBe(false);
  });

  test("neither for another service nor for another action", async () => {
    await permit("sns.amazonaws.com");
    await permit(secretsManager, undefined, "lambda:GetFunction");
    expect(permits()).toBe(false);
  });

  test("in no other Region and under no other name", async () => {
    await permit(secretsManager);
    expect(permits(`${functionArn}s`)).toBe(false);
    expect(permits(functionArn.replace("east-1", "west-2"))).toBe(false);
  });
});

test("a call waits for the function, and its failure is the function's own", async () => {
  await eventually(
    () => client.send(new GetFunctionConfigurationCommand({ FunctionName: "rotation" })),
    ({ State }) => State === "Active",
  );
  const call = (event: object) =>
    service.functions.call(east, functionArn, event, AbortSignal.timeout(5000));
  await expect(call({ Step: "createSecret" })).resolves.toBeUndefined();
  await expect(call({ Step: "fail" })).rejects.toThrow(/fail/);
});
