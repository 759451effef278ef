import { describe, expect, it } from "vitest";
import { account, addressOf } from "./mock-aws.ts";
import { type Run, run } from "./stack-mocks.ts";
import { firstWest, laterEast, laterWest } from "./worlds.ts";

const fn = ({ resource }: Run) => resource("aws:lambda/function:Function", "probe").inputs;
const policyOf = ({ resource }: Run): { readonly Statement: readonly object[] } =>
  JSON.parse(String(resource("aws:iam/rolePolicy:RolePolicy", "probe-policy").inputs["policy"]));
const bucket = `orders-prod-recovery-${account}-us-west-2`;

describe.each([
  ["primary", "us-east-1", laterEast()],
  ["recovery", "us-west-2", laterWest()],
])("the probe of the %s Region", (role, region, world) => {
  it("stands where the application stands, with the application's own role", async () => {
    const stack = await run(world);
    const application = stack.resource("aws:lambda/function:Function", "orders-api").inputs;
    const probe = fn(stack);
    expect(probe).toMatchObject({
      name: "orders-prod-probe",
      handler: "index.handler",
      timeout: 60,
    });
    expect(probe["role"]).toBe(application["role"]);
    expect(probe["vpcConfig"]).toEqual(application["vpcConfig"]);
    expect(stack.ofType("aws:iam/role:Role")).toHaveLength(1);
  });

  it("is told the Region's own database, and the bucket in the recovery Region only", async () => {
    const stack = await run(world);
    const application = stack.resource("aws:lambda/function:Function", "orders-api").inputs;
    const { variables } = fn(stack)["environment"] as { readonly variables: object };
    expect(variables).toEqual({
      ...(application["environment"] as { readonly variables: object }).variables,
      DATABASE_ADDRESS: addressOf("orders-prod-1", region),
      ...(role === "recovery" ? { RECOVERY_BUCKET: bucket } : {}),
    });
  });

  it("brings the right to its own log, and in the recovery Region to one object", async () => {
    const kept = {
      Sid: "KeepReplicationRecord",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${bucket}/replication.json`,
    };
    expect(policyOf(await run(world)).Statement).toEqual([
      expect.objectContaining({
        Sid: "WriteLogs",
        Resource: `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/orders-prod-probe:*`,
      }),
      ...(role === "recovery" ? [kept] : []),
    ]);
  });

  it("is asked for its heartbeat every minute, by nothing but its own rule", async () => {
    const { resource, outputs } = await run(world);
    expect(resource("aws:cloudwatch/eventRule:EventRule", "probe-heartbeat").inputs).toMatchObject({
      name: "orders-prod-probe",
      scheduleExpression: "rate(1 minute)",
    });
    expect(resource("aws:cloudwatch/eventTarget:EventTarget", "probe-heartbeat").inputs).toEqual({
      rule: "orders-prod-probe",
      targetId: "probe",
      arn: `arn:aws:lambda:${region}:${account}:function:orders-prod-probe`,
      input: '{"ask":"heartbeat"}',
    });
    expect(resource("aws:lambda/permission:Permission", "probe-heartbeat").inputs).toMatchObject({
      principal: "events.amazonaws.com",
      sourceArn: `arn:aws:events:${region}:${account}:rule/orders-prod-probe`,
      function: "orders-prod-probe",
    });
    expect(outputs["probeFunctionName"]).toBe("orders-prod-probe");
  });
});

describe("the recovery bucket", () => {
  it("is protected, private, versioned and reached by TLS alone", async () => {
    const { resource, outputs } = await run(firstWest());
    expect(resource("aws:s3/bucket:Bucket", "recovery")).toMatchObject({
      inputs: { bucket, tags: { "standby:service": "orders-prod" } },
      options: { protect: true },
    });
    expect(
      resource("aws:s3/bucketVersioning:BucketVersioning", "recovery-versions").inputs,
    ).toEqual({ bucket, versioningConfiguration: { status: "Enabled" } });
    expect(
      resource(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "recovery-old-versions",
      ).inputs,
    ).toMatchObject({
      bucket,
      // Nothing of a current version: the journal is kept.
      rules: [
        {
          id: "old-versions",
          status: "Enabled",
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
      ],
    });
    expect(
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "recovery-private").inputs,
    ).toEqual({
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const { policy } = resource("aws:s3/bucketPolicy:BucketPolicy", "recovery-policy").inputs;
    expect(JSON.parse(String(policy))).toMatchObject({
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    expect(outputs["recoveryBucket"]).toBe(bucket);
  });

  it("is reached from the VPC of its own Region, and from no other", async () => {
    const services = async (world: Parameters<typeof run>[0]) =>
      (await run(world))
        .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
        .map(({ inputs }) => inputs["serviceName"]);
    expect(await services(laterWest())).toContain("com.amazonaws.us-west-2.s3");
    expect(await services(laterEast())).toEqual(["com.amazonaws.us-east-1.secretsmanager"]);
  });
});
