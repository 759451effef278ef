import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { during } from "../aws-call-error.ts";
import { number, type PropertyMap, requiredText, text } from "../property-values.ts";
import type { Scope } from "../resource-handler.ts";

/** Only what is plainly text is told as text. */
const isText = (contentType: string): boolean =>
  /^(text\/.*|application\/(json|ld\+json|x-httpd-php|xhtml\+xml|x-csh|x-sh|xml|atom\+xml|x-sql|yaml))\b/.test(
    contentType,
  );

export const getObject = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const [bucket, key] = [requiredText(args, "bucket"), requiredText(args, "key")];
  try {
    const found = await scope.aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
      abortSignal: scope.signal,
    });
    const contentType = found.ContentType ?? "";
    return {
      ...args,
      arn: `arn:aws:s3:::${bucket}/${key}`,
      body: isText(contentType) ? ((await found.Body?.transformToString()) ?? "") : "",
      contentLength: found.ContentLength,
      contentType,
      etag: (found.ETag ?? "").replaceAll('"', ""),
      id: `${bucket}/${key}`,
      lastModified: found.LastModified?.toUTCString() ?? "",
      metadata: found.Metadata ?? {},
      region: scope.region,
      serverSideEncryption: found.ServerSideEncryption ?? "",
      storageClass: "STANDARD",
      tags: {},
      versionId: found.VersionId ?? "",
    };
  } catch (error) {
    throw during(`reading S3 Bucket (${bucket}) Object (${key})`, error);
  }
};

/** Keys that are there; none is an empty list. */
export const getObjects = async (args: PropertyMap, scope: Scope): Promise<PropertyMap> => {
  const bucket = requiredText(args, "bucket");
  const wanted = number(args, "maxKeys") ?? 1000;
  const keys: string[] = [];
  let page: string | undefined;
  try {
    do {
      const answer = await scope.aws.s3.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: text(args, "prefix"),
          StartAfter: text(args, "startAfter"),
          ContinuationToken: page,
        }),
        { abortSignal: scope.signal },
      );
      for (const { Key } of answer.Contents ?? []) if (Key !== undefined) keys.push(Key);
      page = answer.NextContinuationToken;
    } while (page !== undefined && keys.length < wanted);
  } catch (error) {
    throw during(`reading S3 Bucket (${bucket}) Objects`, error);
  }
  return {
    ...args,
    commonPrefixes: [],
    id: bucket,
    keys: keys.slice(0, wanted),
    owners: [],
    region: scope.region,
    requestCharged: "",
  };
};
