import type {
  ListObjectsV2Output,
  ListObjectsV2Request,
  ListObjectVersionsOutput,
  ListObjectVersionsRequest,
} from "@aws-sdk/client-s3";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { Bucket, BucketStore, ObjectVersion } from "./bucket-store.ts";

const largestPage = 1000;

/** By the bytes of UTF-8, as S3 orders them. */
const inOrder = (keys: Iterable<string>): readonly string[] =>
  [...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));

/** A key, or the common beginning of several: what one line of the list is. */
const lineOf = (key: string, prefix: string, delimiter: string | undefined): string => {
  const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return end < 0 ? key : key.slice(0, end + (delimiter ?? "").length);
};

const currentKeys = (bucket: Bucket, prefix: string): readonly string[] =>
  inOrder(
    [...bucket.objects]
      .filter(([key, [version]]) => key.startsWith(prefix) && version?.body !== undefined)
      .map(([key]) => key),
  );

function list(bucket: Bucket, input: ListObjectsV2Request): ListObjectsV2Output {
  const { Prefix = "", Delimiter, MaxKeys = largestPage, StartAfter = "" } = input;
  const after = input.ContinuationToken
    ? Buffer.from(input.ContinuationToken, "base64url").toString("utf8")
    : StartAfter;
  const keys = currentKeys(bucket, Prefix);
  const lines = [...new Set(keys.map((key) => lineOf(key, Prefix, Delimiter)))].filter(
    (line) => Buffer.compare(Buffer.from(line), Buffer.from(after)) > 0,
  );
  const page = lines.slice(0, Math.min(MaxKeys, largestPage));
  const isTruncated = page.length < lines.length;
  const known = new Set(keys);
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(Delimiter ? { Delimiter } : {}),
    ...(StartAfter ? { StartAfter } : {}),
    ...(input.ContinuationToken ? { ContinuationToken: input.ContinuationToken } : {}),
    ...(isTruncated
      ? { NextContinuationToken: Buffer.from(page.at(-1) ?? "").toString("base64url") }
      : {}),
    Contents: page
      .filter((line) => known.has(line))
      .map((Key) => ({ Key, ...factsOf(bucket.objects.get(Key)?.[0]) })),
    CommonPrefixes: page.filter((each) => !known.has(each)).map((each) => ({ Prefix: each })),
  };
}

const factsOf = (version: ObjectVersion | undefined) => ({
  LastModified: version?.modifiedAt,
  ETag: version?.etag,
  Size: version?.body?.length ?? 0,
  StorageClass: "STANDARD" as const,
});

function listVersions(bucket: Bucket, input: ListObjectVersionsRequest): ListObjectVersionsOutput {
  const { Prefix = "" } = input;
  const all = inOrder(bucket.objects.keys())
    .filter((key) => key.startsWith(Prefix))
    .flatMap((Key) =>
      (bucket.objects.get(Key) ?? []).map((version, index) => ({
        Key,
        VersionId: version.versionId,
        IsLatest: index === 0,
        version,
      })),
    );
  if (all.length > largestPage)
    throw new AwsError("NotModelled", "NotModelled: S3.ListObjectVersions in pages", 501);
  return {
    Name: bucket.name,
    Prefix,
    MaxKeys: largestPage,
    IsTruncated: false,
    Versions: all
      .filter(({ version }) => version.body !== undefined)
      .map(({ version, ...named }) => ({ ...named, ...factsOf(version) })),
    DeleteMarkers: all
      .filter(({ version }) => version.body === undefined)
      .map(({ version, ...named }) => ({ ...named, LastModified: version.modifiedAt })),
  };
}

export const listingOperations = (store: BucketStore): Readonly<Record<string, Operation>> => ({
  ListObjectsV2: operation<ListObjectsV2Request, ListObjectsV2Output>((input, { region }) =>
    list(store.get(input.Bucket, region), input),
  ),
  ListObjectVersions: operation<ListObjectVersionsRequest, ListObjectVersionsOutput>(
    (input, { region }) => listVersions(store.get(input.Bucket, region), input),
  ),
});
