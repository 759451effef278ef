import { afterEach, beforeEach, expect, it } from "vitest";
import { contractOf, knownTypes } from "../../src/provider/contract.ts";
import { east, west } from "../aws-fixture.ts";
import { failureOf, type ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const lost = new Set<string>();
const hanging = new Set<string>();
let cloud: ProviderCloud;
let client: ProviderClient;

beforeEach(async () => {
  lost.clear();
  hanging.clear();
  cloud = await startProviderCloud([], async ({ region }) => {
    if (lost.has(region)) throw new Error(`${region} does not answer`);
    if (hanging.has(region)) await new Promise(() => {});
  });
  client = await cloud.connect(west);
});
afterEach(() => cloud.close());

it.each([
  [
    "aws:ec2/vpc:Vpc",
    { cidrBlock: "10.0.0.0/16" },
    /^vpc-[0-9a-f]{17}$/,
    /^arn:aws:ec2:us-west-2:123456789012:vpc\/vpc-/,
  ],
  ["aws:ec2/subnet:Subnet", { vpcId: "vpc-1" }, /^subnet-[0-9a-f]{17}$/, /:subnet\/subnet-/],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    { vpcId: "vpc-1" },
    /^sg-[0-9a-f]{17}$/,
    /:security-group\/sg-/,
  ],
  [
    "aws:iam/role:Role",
    { name: "app", assumeRolePolicy: "{}" },
    /^app$/,
    /^arn:aws:iam::123456789012:role\/app$/,
  ],
  [
    "aws:cloudwatch/logGroup:LogGroup",
    { name: "/aws/lambda/app" },
    /^\/aws\/lambda\/app$/,
    /^arn:aws:logs:us-west-2:123456789012:log-group:\/aws\/lambda\/app$/,
  ],
])("makes %s with an id and an ARN in AWS's form", async (type, inputs, id, arn) => {
  const made = await client.make(type, inputs);
  expect(made.id).toMatch(id);
  expect(made.outputs["arn"]).toMatch(arn);
});

it("survives a refresh with nothing to plan, is seen by another connection, and is gone when deleted", async () => {
  const type = "aws:ec2/vpc:Vpc";
  const made = await client.make(type, { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
  const refreshed = (await client.read(type, made)) ?? made;
  expect(refreshed.outputs).toEqual(made.outputs);
  expect((await client.diff(type, refreshed, made.inputs)).diffsList).toEqual([]);
  const other = await cloud.connect(west);
  expect((await other.read(type, { id: made.id }))?.outputs["cidrBlock"]).toBe("10.0.0.0/16");
  await client.delete(type, made);
  expect(await client.read(type, made)).toBeUndefined();
});

it("keeps a dashboard of the account, and takes another spelling of its body for no difference", async () => {
  const type = "aws:cloudwatch/dashboard:Dashboard";
  const made = await client.make(type, { dashboardName: "pair", dashboardBody: '{"widgets":[]}' });
  expect(made.id).toBe("pair");
  expect(made.outputs["dashboardArn"]).toBe("arn:aws:cloudwatch::123456789012:dashboard/pair");
  expect(cloud.inertCalls).toEqual([
    "us-west-2 cloudwatch.PutDashboard",
    "us-west-2 cloudwatch.GetDashboard",
  ]);
  const diff = async (dashboardBody: string) =>
    (await client.diff(type, made, { ...made.inputs, dashboardBody })).diffsList;
  expect(await diff('{ "widgets": [] }')).toEqual([]);
  expect(await diff('{"widgets":[],"start":"-PT3H"}')).toEqual(["dashboardBody"]);
});

it("reaches the API of the resource's own Region, and IAM always in us-east-1", async () => {
  await client.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", region: east });
  await client.make("aws:iam/role:Role", { name: "app", assumeRolePolicy: "{}" });
  expect(cloud.inertCalls).toEqual([
    "us-east-1 ec2.CreateVpc",
    "us-east-1 ec2.DescribeVpcs",
    "us-east-1 iam.CreateRole",
    "us-east-1 iam.GetRole",
  ]);
});

it("fails in a lost Region, with nothing left in the state", async () => {
  lost.add(west);
  const failure = await failureOf(client.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }));
  expect(failure.halfDone).toBeUndefined();
  expect(failure.message).toContain("operation error ec2: CreateVpc: us-west-2 does not answer");
});

it("gives up a call that nobody answers", async () => {
  hanging.add(west);
  const failure = await failureOf(client.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }));
  expect(failure.message).toContain("operation error ec2: CreateVpc, request send failed");
});

it("accepts a peering that another Region asked for, and makes no call to delete the acceptance", async () => {
  const asked = await client.make("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", {
    vpcId: "vpc-1",
    peerVpcId: "vpc-2",
    peerRegion: east,
  });
  expect(asked.outputs["acceptStatus"]).toBe("pending-acceptance");
  const type = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter";
  const peer = await cloud.connect(east);
  const accepted = await peer.make(type, { vpcPeeringConnectionId: asked.id, autoAccept: true });
  expect(accepted).toMatchObject({ id: asked.id, outputs: { acceptStatus: "active" } });
  cloud.inertCalls.length = 0;
  await peer.delete(type, accepted);
  expect(cloud.inertCalls).toEqual([]);
});

it("has a handler for every type that can be planned, but for the one that is not modelled", async () => {
  const missing: string[] = [];
  for (const type of knownTypes()) {
    const named = Object.keys(contractOf(type).inputs).includes("name") ? { name: "x" } : {};
    const failure = await failureOf(client.read(type, { id: "x", outputs: named })).catch(
      () => undefined,
    );
    if (failure?.message.includes("the local cloud makes no")) missing.push(type);
  }
  expect(missing).toEqual(["aws:kms/replicaKey:ReplicaKey"]);
});
