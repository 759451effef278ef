import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createLambda, type Lambda } from "../../src/lambda/lambda.ts";
import { Outages } from "../../src/outages.ts";
import { west } from "../aws-fixture.ts";
import { FakeRuntime } from "../lambda/fake-runtime.ts";
import type { ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const type = "aws:lambda/functionUrl:FunctionUrl";
const inputs = { functionName: "orders-api", authorizationType: "AWS_IAM" };

let lambda: Lambda;
let cloud: ProviderCloud;
let client: ProviderClient;
beforeEach(async () => {
  const outages = new Outages();
  lambda = createLambda({ runtime: new FakeRuntime(), outages, endpointUrl: () => "" });
  cloud = await startProviderCloud([lambda]);
  client = await cloud.connect(west);
  await new LambdaClient(cloud.clientOptions(west)).send(
    new CreateFunctionCommand({
      FunctionName: "orders-api",
      Role: "arn:aws:iam::123456789012:role/orders",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("") }) },
    }),
  );
  cloud.newCalls();
});
afterEach(async () => {
  await cloud.close();
  await lambda.close();
});

it("makes the address, tells it, and plans nothing after a refresh", async () => {
  const made = await client.make(type, inputs);
  expect(cloud.newCalls()).toEqual(["CreateFunctionUrlConfig", "GetFunctionUrlConfig"]);
  expect(made.id).toBe("orders-api");
  expect(made.outputs).toMatchObject({
    functionArn: "arn:aws:lambda:us-west-2:123456789012:function:orders-api",
    functionUrl: `https://${String(made.outputs["urlId"])}.lambda-url.us-west-2.on.aws/`,
    invokeMode: "BUFFERED",
  });
  const refreshed = await client.read(type, made);
  expect((await client.diff(type, refreshed ?? made, made.inputs)).diffsList).toEqual([]);
});

it("finds none when the function is not there", async () => {
  const made = { id: "orders-api", inputs, outputs: inputs };
  expect(await client.read(type, made)).toBeUndefined();
});
