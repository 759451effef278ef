import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createEvents } from "../../src/events/events.ts";
import { Outages } from "../../src/outages.ts";
import type { PropertyMap } from "../../src/provider/property-values.ts";
import { createS3 } from "../../src/s3/s3.ts";
import { quickDials, west } from "../aws-fixture.ts";
import { noFunctions } from "../function-use.fixture.ts";
import type { ProviderClient } from "./provider-client.fixture.ts";
import { type ProviderCloud, startProviderCloud } from "./provider-cloud.fixture.ts";

const bucket = "orders-prod-recovery-123456789012-us-west-2";
let cloud: ProviderCloud;
let client: ProviderClient;
let close: () => Promise<void>;

beforeEach(async () => {
  const events = createEvents({
    functions: noFunctions,
    outages: new Outages(),
    dials: quickDials,
  });
  close = () => events.close();
  cloud = await startProviderCloud([createS3(), events]);
  client = await cloud.connect(west);
});
afterEach(async () => {
  await cloud.close();
  await close();
});

/** Made, read again as a refresh does, and compared with what the program says. */
async function settled(type: string, inputs: PropertyMap) {
  const made = await client.make(type, inputs);
  const read = await client.read(type, made);
  const { inputs: again } = await client.check(type, inputs, read?.inputs);
  const diff = await client.diff(type, read ?? made, again);
  return { made, diff };
}

const settings: readonly (readonly [string, PropertyMap])[] = [
  ["aws:s3/bucketVersioning:BucketVersioning", { versioningConfiguration: { status: "Enabled" } }],
  [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    { blockPublicAcls: true, ignorePublicAcls: true },
  ],
  [
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    {
      rules: [
        {
          id: "old-versions",
          status: "Enabled",
          filter: { prefix: "" },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        },
      ],
    },
  ],
  ["aws:s3/bucketPolicy:BucketPolicy", { policy: '{"Version":"2012-10-17","Statement":[]}' }],
];

it("makes a bucket with its settings, of which a refresh changes nothing", async () => {
  const { made, diff } = await settled("aws:s3/bucket:Bucket", { bucket, tags: { a: "b" } });
  expect(made.outputs).toMatchObject({
    id: bucket,
    arn: `arn:aws:s3:::${bucket}`,
    bucketRegion: west,
  });
  expect(diff.changes).toBe(1);
  for (const [type, inputs] of settings) {
    const setting = await settled(type, { bucket, ...inputs });
    expect(setting.made.id).toBe(bucket);
    expect([type, setting.diff.changes]).toEqual([type, 1]);
  }
});

it("makes a scheduled rule with its target, of which a refresh changes nothing", async () => {
  const rule = await settled("aws:cloudwatch/eventRule:EventRule", {
    name: "beat",
    scheduleExpression: "rate(1 minute)",
    tags: { a: "b" },
  });
  expect(rule.made.outputs).toMatchObject({
    arn: "arn:aws:events:us-west-2:123456789012:rule/beat",
  });
  expect(rule.diff.changes).toBe(1);
  const target = await settled("aws:cloudwatch/eventTarget:EventTarget", {
    rule: "beat",
    targetId: "probe",
    arn: "arn:aws:lambda:us-west-2:123456789012:function:probe",
    input: '{"ask":"heartbeat"}',
  });
  expect(target.made.id).toBe("beat-probe");
  expect(target.diff.changes).toBe(1);
});

it("tells an object as text, and no key of one that is not there", async () => {
  await client.make("aws:s3/bucket:Bucket", { bucket });
  const list = () => client.invoke("aws:s3/getObjects:getObjects", { bucket, prefix: "rep" });
  expect((await list())["keys"]).toEqual([]);
  await new S3Client(cloud.clientOptions(west)).send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: "replication.json",
      Body: '{"lag":1}',
      ContentType: "application/json",
    }),
  );
  expect((await list())["keys"]).toEqual(["replication.json"]);
  const object = await client.invoke("aws:s3/getObject:getObject", {
    bucket,
    key: "replication.json",
  });
  expect(object).toMatchObject({ body: '{"lag":1}', contentType: "application/json" });
  await expect(
    client.invoke("aws:s3/getObject:getObject", { bucket, key: "absent" }),
  ).rejects.toThrow(/reading S3 Bucket .* Object \(absent\): .*NoSuchKey/);
});
