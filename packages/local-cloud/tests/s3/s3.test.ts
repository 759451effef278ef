import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createS3 } from "../../src/s3/s3.ts";
import { east, refusalOf, startTestCloud, type TestCloud, west } from "../aws-fixture.ts";

const Bucket = "orders-prod-recovery";
let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startTestCloud(() => [createS3()]);
  s3 = new S3Client(cloud.clientOptions(west));
  await create(s3, Bucket);
});
afterAll(() => cloud.endpoint.close());

const create = (client: S3Client, name: string) =>
  client.send(
    new CreateBucketCommand({
      Bucket: name,
      CreateBucketConfiguration: { LocationConstraint: west },
    }),
  );
const put = (Key: string, Body: string, more: object = {}, name = Bucket) =>
  s3.send(new PutObjectCommand({ Bucket: name, Key, Body, ...more }));
const get = async (Key: string, more: object = {}, name = Bucket) => {
  const found = await s3.send(new GetObjectCommand({ Bucket: name, Key, ...more }));
  return { ...found, text: await found.Body?.transformToString() };
};

describe("an object", () => {
  it("is read as it was put, with its type, its marks and its length", async () => {
    const body = '{"at":"jetzt: ü"}';
    await put("journal/1 a+b.json", body, {
      ContentType: "application/json",
      Metadata: { owner: "ada" },
    });
    const { text, ContentType, Metadata, ETag, ServerSideEncryption, LastModified } =
      await get("journal/1 a+b.json");
    expect({ text, ContentType, Metadata, ServerSideEncryption }).toEqual({
      text: body,
      ContentType: "application/json",
      Metadata: { owner: "ada" },
      ServerSideEncryption: "AES256",
    });
    expect(LastModified?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "journal/1 a+b.json" }));
    expect(head).toMatchObject({ ETag, ContentLength: Buffer.byteLength(body) });
  });

  it("is found under its bucket's host name as under its path", async () => {
    await put("named", "one");
    const { port } = new URL(cloud.endpoint.url);
    const host = new S3Client({
      ...cloud.clientOptions(west),
      endpoint: `http://localhost:${port}`,
      forcePathStyle: false,
      requestHandler: { requestTimeout: 2_000 },
    });
    host.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { hostname: string; headers: Record<string, string> };
        request.headers["host"] = `${request.hostname}:${port}`;
        // Names below localhost are not everybody's: the connection goes to it, the request names the bucket.
        request.hostname = "127.0.0.1";
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    const found = await host.send(new GetObjectCommand({ Bucket, Key: "named" }));
    expect(await found.Body?.transformToString()).toBe("one");
  });

  it("is gone after its deletion, and a deletion of nothing succeeds", async () => {
    await put("short", "x");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "short" }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "short" }));
    expect(await refusalOf(get("short"))).toMatchObject({ name: "NoSuchKey", status: 404 });
    expect(await refusalOf(s3.send(new HeadObjectCommand({ Bucket, Key: "short" })))).toMatchObject(
      { name: "NotFound", status: 404 },
    );
  });

  it("that is sent in pieces is put together", async () => {
    const response = await fetch(`${cloud.endpoint.url}/${Bucket}/streamed`, {
      method: "PUT",
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=AKIALOCALOPERATOR000/20261124/${west}/s3/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
        "content-encoding": "aws-chunked",
        "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      },
      body: "5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n",
    });
    expect(response.status).toBe(200);
    expect((await get("streamed")).text).toBe("hello world");
  });
});

describe("a conditional write", () => {
  it("makes an object once", async () => {
    await put("lock", "ada", { IfNoneMatch: "*" });
    expect(await refusalOf(put("lock", "bob", { IfNoneMatch: "*" }))).toMatchObject({
      name: "PreconditionFailed",
      status: 412,
    });
    expect((await get("lock")).text).toBe("ada");
  });

  it("replaces only what was read", async () => {
    const { ETag } = await put("owned", "1");
    await put("owned", "2", { IfMatch: ETag });
    expect(await refusalOf(put("owned", "3", { IfMatch: ETag }))).toMatchObject({
      name: "PreconditionFailed",
      status: 412,
    });
    expect(await refusalOf(put("absent", "1", { IfMatch: ETag }))).toMatchObject({
      name: "NoSuchKey",
      status: 404,
    });
    expect(
      await refusalOf(
        s3.send(new DeleteObjectCommand({ Bucket, Key: "owned", IfMatch: '"other"' })),
      ),
    ).toMatchObject({ status: 412 });
    expect((await get("owned")).text).toBe("2");
  });

  it("of many at once has one winner", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => put("race", String(n), { IfNoneMatch: "*" })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("meets S3's conflict where a fault is injected", async () => {
    cloud.faults.add({
      kind: "refuse",
      service: "s3",
      operation: "PutObject",
      errorCode: "ConditionalRequestConflict",
      status: 409,
      times: 1,
    });
    expect(await refusalOf(put("race2", "1", { IfNoneMatch: "*" }))).toMatchObject({
      name: "ConditionalRequestConflict",
      status: 409,
    });
  });
});

describe("a list", () => {
  it("is in the order of bytes, in pages, and folded at a delimiter", async () => {
    await create(s3, "lists");
    for (const key of ["b/2", "a", "b/1", "B", "c/x/1"]) await put(key, "x", {}, "lists");
    const list = (more: object = {}) =>
      s3.send(new ListObjectsV2Command({ Bucket: "lists", ...more }));
    const keys = ({ Contents = [] }: Awaited<ReturnType<typeof list>>) =>
      Contents.map(({ Key }) => Key);
    expect(keys(await list())).toEqual(["B", "a", "b/1", "b/2", "c/x/1"]);
    const first = await list({ MaxKeys: 2 });
    expect(keys(first)).toEqual(["B", "a"]);
    const second = await list({ MaxKeys: 2, ContinuationToken: first.NextContinuationToken });
    expect(keys(second)).toEqual(["b/1", "b/2"]);
    expect(second.IsTruncated).toBe(true);
    const folded = await list({ Delimiter: "/" });
    expect(folded.CommonPrefixes).toEqual([{ Prefix: "b/" }, { Prefix: "c/" }]);
    expect(keys(await list({ Prefix: "none" }))).toEqual([]);
  });
});

describe("a bucket", () => {
  it("with versions keeps what is written over and what is deleted", async () => {
    await create(s3, "versions");
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: "versions",
        VersioningConfiguration: { Status: "Enabled" },
      }),
    );
    const first = await put("a", "1", {}, "versions");
    await put("a", "2", {}, "versions");
    const { DeleteMarker } = await s3.send(
      new DeleteObjectCommand({ Bucket: "versions", Key: "a" }),
    );
    expect(DeleteMarker).toBe(true);
    expect(await refusalOf(get("a", {}, "versions"))).toMatchObject({ name: "NoSuchKey" });
    expect((await get("a", { VersionId: first.VersionId }, "versions")).text).toBe("1");
    await put("a", "3", { IfNoneMatch: "*" }, "versions");
    const { Versions, DeleteMarkers } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: "versions" }),
    );
    expect([Versions?.length, DeleteMarkers?.length]).toEqual([3, 1]);
    const settings = await s3.send(new GetBucketVersioningCommand({ Bucket: "versions" }));
    expect(settings.Status).toBe("Enabled");
  });

  it("keeps its policy and what it blocks", async () => {
    await create(s3, "settings");
    const Policy = '{"Version":"2012-10-17","Statement":[]}';
    const block = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    const named = { Bucket: "settings" };
    expect(await refusalOf(s3.send(new GetBucketPolicyCommand(named)))).toMatchObject({
      name: "NoSuchBucketPolicy",
      status: 404,
    });
    await s3.send(new PutBucketPolicyCommand({ ...named, Policy }));
    await s3.send(
      new PutPublicAccessBlockCommand({ ...named, PublicAccessBlockConfiguration: block }),
    );
    expect((await s3.send(new GetBucketPolicyCommand(named))).Policy).toBe(Policy);
    const blocked = await s3.send(new GetPublicAccessBlockCommand(named));
    expect(blocked.PublicAccessBlockConfiguration).toEqual(block);
  });

  it("is refused twice, under a bad name, elsewhere than its endpoint, and when it is not there", async () => {
    expect(await refusalOf(create(s3, Bucket))).toMatchObject({
      name: "BucketAlreadyOwnedByYou",
      status: 409,
    });
    expect(await refusalOf(create(s3, "Bad_Name"))).toMatchObject({ name: "InvalidBucketName" });
    const eastern = new S3Client(cloud.clientOptions(east));
    expect(await refusalOf(create(eastern, "elsewhere"))).toMatchObject({
      name: "IllegalLocationConstraintException",
      status: 400,
    });
    expect(await refusalOf(get("a", {}, "nobodys"))).toMatchObject({
      name: "NoSuchBucket",
      status: 404,
    });
    expect(await refusalOf(s3.send(new HeadBucketCommand({ Bucket: "nobodys" })))).toMatchObject({
      name: "NotFound",
      status: 404,
    });
  });

  it("answers only in its own Region, and not at all while that is lost", async () => {
    const eastern = new S3Client(cloud.clientOptions(east));
    const there = (client: S3Client) => client.send(new ListObjectsV2Command({ Bucket }));
    expect(await refusalOf(there(eastern))).toMatchObject({ name: "AuthorizationHeaderMalformed" });
    await cloud.outages.lose(west, "5xx");
    expect(await refusalOf(there(s3))).toMatchObject({ name: "ServiceUnavailable", status: 503 });
    await cloud.outages.restore(west);
    expect((await there(s3)).KeyCount).toBeGreaterThan(0);
  });
});
