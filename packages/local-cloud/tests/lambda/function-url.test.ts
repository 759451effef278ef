import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  LambdaClient,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { operator } from "../../src/account.ts";
import type { InvocationResult } from "../../src/data-planes.ts";
import { createLambda, type Lambda } from "../../src/lambda/lambda.ts";
import { eventually, refusalOf, startTestCloud, type TestCloud, west } from "../aws-fixture.ts";
import { FakeRuntime } from "./fake-runtime.ts";

const FunctionName = "orders-api";

/** Answers as a function behind an address does, with what it was given. */
class EchoRuntime extends FakeRuntime {
  readonly events: unknown[] = [];
  override invoke(region: string, name: string, payload: Uint8Array): Promise<InvocationResult> {
    this.events.push(JSON.parse(Buffer.from(payload).toString("utf8")));
    if (Buffer.from(payload).includes("fail")) return super.invoke(region, name, payload);
    const reply = { statusCode: 201, headers: { "x-own": "1" }, body: '{"ok":true}' };
    return Promise.resolve({ payload: Buffer.from(JSON.stringify(reply)), logTail: "" });
  }
}

let cloud: TestCloud;
let runtime: EchoRuntime;
let service: Lambda;
let client: LambdaClient;
beforeEach(async () => {
  runtime = new EchoRuntime();
  cloud = await startTestCloud(({ outages }) => {
    service = createLambda({ runtime, outages, endpointUrl: () => cloud.endpoint.url });
    return [service];
  });
  client = new LambdaClient(cloud.clientOptions(west));
  await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: "arn:aws:iam::123456789012:role/orders-us-west-2",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("export const handler = 1;") }) },
    }),
  );
  const configuration = () => client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  await eventually(configuration, ({ State }) => State === "Active");
});
afterEach(async () => {
  await cloud.endpoint.close();
  await service.close();
});

const create = (AuthType: "AWS_IAM" | "NONE" = "AWS_IAM") =>
  client.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType }));
const get = () => client.send(new GetFunctionUrlConfigCommand({ FunctionName }));

const signed = (key = operator.accessKeyId, region = west, signingName = "lambda") =>
  `AWS4-HMAC-SHA256 Credential=${key}/20261124/${region}/${signingName}/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

/** The local cloud's endpoint stands for every address: the Host header tells which one is meant. */
async function call(url: string, authorization?: string, path = "orders", body = "") {
  const target = new URL(path, url);
  const sent = request(`${cloud.endpoint.url}${target.pathname}${target.search}`, {
    method: "POST",
    headers: {
      host: target.host,
      "content-type": "application/json",
      ...(authorization === undefined ? {} : { authorization }),
    },
  });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

describe("a function's address", () => {
  test("is made once, told, changed and deleted", async () => {
    const made = await create();
    expect(made).toMatchObject({
      AuthType: "AWS_IAM",
      FunctionArn: "arn:aws:lambda:us-west-2:123456789012:function:orders-api",
      FunctionUrl: expect.stringMatching(
        /^https:\/\/[a-z0-9]{32}\.lambda-url\.us-west-2\.on\.aws\/$/,
      ),
    });
    expect((await refusalOf(create())).name).toBe("ResourceConflictException");
    expect((await get()).FunctionUrl).toBe(made.FunctionUrl);
    const change = { FunctionName, InvokeMode: "BUFFERED" } as const;
    const changed = await client.send(new UpdateFunctionUrlConfigCommand(change));
    expect(changed.FunctionUrl).toBe(made.FunctionUrl);
    await client.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
    expect((await refusalOf(get())).name).toBe("ResourceNotFoundException");
    expect((await call(made.FunctionUrl ?? "", signed())).status).toBe(403);
  });

  test("for everybody is not modelled", async () => {
    expect(await refusalOf(create("NONE"))).toMatchObject({ name: "NotModelled", status: 501 });
  });

  test("gives a signed request to the function and its answer to the caller", async () => {
    const { FunctionUrl = "" } = await create();
    const answer = await call(FunctionUrl, signed(), "orders/a%2Fb?x=1&x=2", '{"a":1}');
    expect(answer).toMatchObject({ status: 201, headers: { "x-own": "1" }, body: '{"ok":true}' });
    expect(runtime.events).toMatchObject([
      {
        version: "2.0",
        rawPath: "/orders/a%2Fb",
        queryStringParameters: { x: "1,2" },
        headers: { "content-type": "application/json" },
        requestContext: {
          authorizer: { iam: { userArn: operator.arn } },
          http: { method: "POST", path: "/orders/a%2Fb" },
          requestId: expect.any(String),
        },
        body: '{"a":1}',
        isBase64Encoded: false,
      },
    ]);
  });

  test.each([
    ["no signature", undefined],
    ["a bearer token", "Bearer abc"],
    ["an unknown key", signed("AKIAUNKNOWN")],
    ["a signature for another Region", signed(operator.accessKeyId, "us-east-1")],
    ["a signature for another service", signed(operator.accessKeyId, west, "rds")],
  ])("refuses %s, and the function is not called", async (_what, authorization) => {
    const { FunctionUrl = "" } = await create();
    expect(await call(FunctionUrl, authorization)).toMatchObject({
      status: 403,
      headers: { "x-amzn-errortype": "AccessDeniedException" },
      body: '{"Message":"Forbidden"}',
    });
    expect(runtime.events).toEqual([]);
  });

  test("answers 502 for a function that failed, and nothing of its error", async () => {
    const { FunctionUrl = "" } = await create();
    expect(await call(FunctionUrl, signed(), "orders", '"fail"')).toMatchObject({
      status: 502,
      body: '{"Message":"Internal Server Error"}',
    });
  });
});
