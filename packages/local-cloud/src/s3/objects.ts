import { createHash, randomBytes } from "node:crypto";
import type {
  DeleteObjectOutput,
  DeleteObjectRequest,
  GetObjectOutput,
  GetObjectRequest,
  HeadObjectOutput,
  HeadObjectRequest,
  PutObjectOutput,
  PutObjectRequest,
} from "@aws-sdk/client-s3";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { Bucket, BucketStore, ObjectVersion } from "./bucket-store.ts";

const noSuchKey = (): AwsError =>
  new AwsError("NoSuchKey", "The specified key does not exist.", 404);

const newest = (bucket: Bucket, key: string): ObjectVersion | undefined => {
  const [version] = bucket.objects.get(key) ?? [];
  return version?.body === undefined ? undefined : version;
};

/** The conditions of a write. Each write is decided alone here, so that S3's 409 for two at once never comes by itself. */
function checkConditions(
  found: ObjectVersion | undefined,
  {
    IfMatch,
    IfNoneMatch,
  }: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined },
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*")
    throw new AwsError(
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
      501,
    );
  if (IfMatch !== undefined && !found) throw noSuchKey();
  const holds =
    (IfNoneMatch === undefined || !found) &&
    (IfMatch === undefined || IfMatch === "*" || unquoted(IfMatch) === unquoted(found?.etag ?? ""));
  if (!holds)
    throw new AwsError(
      "PreconditionFailed",
      "At least one of the pre-conditions you specified did not hold",
      412,
    );
}

const unquoted = (etag: string): string => etag.replaceAll('"', "");

function addVersion(bucket: Bucket, key: string, version: Omit<ObjectVersion, "versionId">) {
  const isVersioned = bucket.versioning === "Enabled";
  const versionId = isVersioned ? randomBytes(24).toString("base64url") : "null";
  const versions = (bucket.objects.get(key) ?? []).filter((each) => each.versionId !== versionId);
  bucket.objects.set(key, [{ ...version, versionId }, ...versions]);
  return bucket.versioning === undefined ? {} : { VersionId: versionId };
}

function find(
  store: BucketStore,
  input: Pick<GetObjectRequest, "Bucket" | "Key" | "VersionId">,
  region: string,
): { readonly bucket: Bucket; readonly version: ObjectVersion; readonly body: Buffer } {
  const bucket = store.get(input.Bucket, region);
  const versions = bucket.objects.get(input.Key ?? "") ?? [];
  const version =
    input.VersionId === undefined
      ? versions[0]
      : versions.find(({ versionId }) => versionId === input.VersionId);
  if (!version && input.VersionId !== undefined)
    throw new AwsError("NoSuchVersion", "The specified version does not exist.", 404);
  if (!version?.body) throw noSuchKey();
  return { bucket, version, body: version.body };
}

function describe(found: ReturnType<typeof find>): HeadObjectOutput {
  const { bucket, version, body } = found;
  return {
    ETag: version.etag,
    ContentLength: body.length,
    ContentType: version.contentType,
    LastModified: version.modifiedAt,
    AcceptRanges: "bytes",
    ServerSideEncryption: "AES256",
    Metadata: version.metadata,
    ...(bucket.versioning === undefined ? {} : { VersionId: version.versionId }),
  };
}

const put = (store: BucketStore) =>
  operation<PutObjectRequest, PutObjectOutput>((input, { region }) => {
    const bucket = store.get(input.Bucket, region);
    const key = input.Key ?? "";
    checkConditions(newest(bucket, key), input);
    const body = Buffer.from((input.Body as Uint8Array | undefined) ?? []);
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    const version = addVersion(bucket, key, {
      etag,
      body,
      contentType: input.ContentType ?? "application/octet-stream",
      metadata: input.Metadata ?? {},
      modifiedAt: new Date(),
    });
    return { ETag: etag, ServerSideEncryption: "AES256", ...version };
  });

const remove = (store: BucketStore) =>
  operation<DeleteObjectRequest, DeleteObjectOutput>((input, { region }) => {
    const bucket = store.get(input.Bucket, region);
    const key = input.Key ?? "";
    if (input.IfMatch !== undefined) checkConditions(newest(bucket, key), input);
    if (input.VersionId !== undefined) {
      const left = (bucket.objects.get(key) ?? []).filter(
        ({ versionId }) => versionId !== input.VersionId,
      );
      if (left.length === 0) bucket.objects.delete(key);
      else bucket.objects.set(key, left);
      return { VersionId: input.VersionId };
    }
    if (bucket.versioning === undefined) {
      bucket.objects.delete(key);
      return {};
    }
    const marker = {
      etag: "",
      body: undefined,
      contentType: "",
      metadata: {},
      modifiedAt: new Date(),
    };
    return { DeleteMarker: true, ...addVersion(bucket, key, marker) };
  });

export const objectOperations = (store: BucketStore): Readonly<Record<string, Operation>> => ({
  PutObject: put(store),
  DeleteObject: remove(store),
  GetObject: operation<GetObjectRequest, GetObjectOutput>((input, { region }) => {
    if (input.Range !== undefined)
      throw new AwsError("NotModelled", "NotModelled: S3.GetObject with Range", 501);
    const found = find(store, input, region);
    return {
      ...describe(found),
      Body: found.body as unknown as NonNullable<GetObjectOutput["Body"]>,
    };
  }),
  HeadObject: operation<HeadObjectRequest, HeadObjectOutput>((input, { region }) =>
    describe(find(store, input, region)),
  ),
});
