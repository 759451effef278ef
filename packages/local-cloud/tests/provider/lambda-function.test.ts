import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { west } from "../aws-fixture.ts";
import { FakeLambda } from "./function-service.fixture.ts";
import { failureOf, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const type = "aws:lambda/function:Function";
const signature = "4dabf18193072939515e22adb298388d";
const asset = (members: PropertyMap): PropertyMap => ({
  [signature]: "c44067f5952c0a294b673a41bacd8c17",
  ...members,
});
const archive = (members: PropertyMap): PropertyMap => ({
  [signature]: "0def7320c3a5731c473e5ecbe6d01bc7",
  hash: JSON.stringify(members),
  ...members,
});

let folder: string;
let lambda: FakeLambda;
let cloud: ProviderCloud;
let client: ProviderClient;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "function-"));
  await writeFile(join(folder, "index.mjs"), "export const handler = 1;");
  lambda = new FakeLambda();
  cloud = await startProviderCloud([lambda]);
  client = await cloud.connect(west);
});
afterEach(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

const inputs = (code: PropertyMap, more: PropertyMap = {}): PropertyMap => ({
  name: "orders",
  role: "arn:aws:iam::123456789012:role/orders",
  handler: "index.handler",
  runtime: "nodejs24.x",
  code,
  ...more,
});

const files = (zip: Uint8Array | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(unzipSync(zip ?? new Uint8Array())).map(([name, content]) => [
      name,
      strFromU8(content),
    ]),
  );

it("uploads an archive of assets as one zip, waits until the function is active and reads it", async () => {
  const code = archive({
    assets: {
      "index.mjs": asset({ path: join(folder, "index.mjs") }),
      "rds.pem": asset({ text: "certificates" }),
      inner: archive({ path: folder }),
    },
  });
  const made = await client.make(type, inputs(code));
  expect(cloud.newCalls()).toEqual([
    "CreateFunction",
    "GetFunction",
    "GetFunction",
    "ListVersionsByFunction",
    "GetFunctionCodeSigningConfig",
  ]);
  expect(files(lambda.archives[0])).toEqual({
    "index.mjs": "export const handler = 1;",
    "inner/index.mjs": "export const handler = 1;",
    "rds.pem": "certificates",
  });
  expect(made.outputs).toMatchObject({
    arn: "arn:aws:lambda:us-west-2:123456789012:function:orders",
    name: "orders",
    memorySize: 128,
    timeout: 3,
    sourceCodeHash: lambda.functions[0]?.CodeSha256,
  });
});

it("packs the same folder into the same hash every time", async () => {
  const code = archive({ path: folder });
  await client.make(type, inputs(code));
  await client.make(type, inputs(code, { name: "other" }));
  expect(lambda.functions[0]?.CodeSha256).toBe(lambda.functions[1]?.CodeSha256);
});

it("finds a relative path from the folder that the plugin script wrote down for the engine", async () => {
  await writeFile(join(folder, "engine-127.0.0.1:9"), `${folder}\n`);
  await client.handshake("127.0.0.1:9", folder);
  await client.make(type, inputs(archive({ path: "." })));
  expect(Object.keys(files(lambda.archives[0])).sort()).toEqual([
    "engine-127.0.0.1:9",
    "index.mjs",
  ]);
});

it("says so when a relative path starts from a folder that nobody told", async () => {
  const failure = await failureOf(client.make(type, inputs(archive({ path: "bundle" }))));
  expect(failure.message).toContain("the asset bundle is relative to a program");
});

it("changes the configuration first and the code after it", async () => {
  const made = await client.make(type, inputs(archive({ path: folder })));
  await writeFile(join(folder, "index.mjs"), "export const handler = 2;");
  cloud.newCalls();
  const code = { ...archive({ path: folder }), hash: "2" };
  const updated = await client.update(type, made, { ...made.inputs, code, timeout: 10 });
  expect(cloud.newCalls().slice(0, 4)).toEqual([
    "UpdateFunctionConfiguration",
    "GetFunction",
    "UpdateFunctionCode",
    "GetFunction",
  ]);
  expect(updated.outputs["timeout"]).toBe(10);
  expect(updated.outputs["sourceCodeHash"]).not.toBe(made.outputs["sourceCodeHash"]);
});

it("uploads nothing when only the variables change", async () => {
  const made = await client.make(type, inputs(archive({ path: folder })));
  const environment = { variables: { SECRET_NAME: "orders" } };
  await client.update(type, made, { ...made.inputs, environment });
  expect(lambda.archives).toHaveLength(1);
  expect(lambda.functions[0]?.["Environment"]).toEqual({ Variables: { SECRET_NAME: "orders" } });
});

it("plans nothing after a refresh", async () => {
  const made = await client.make(type, inputs(archive({ path: folder })));
  const refreshed = await client.read(type, made);
  expect((await client.diff(type, refreshed ?? made, made.inputs)).diffsList).toEqual([]);
});
