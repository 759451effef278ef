import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { callWithin } from "./call-within.ts";
import { errorName } from "./error-name.ts";

/** Of an object that a write expects not to exist yet. */
export const absent = Symbol("absent");

export interface StoredObject {
  readonly text: string;
  /** Changes with each write: what the next conditional write expects. */
  readonly version: string;
}

/** Somebody else wrote the object first. */
export class WriteConflictError extends Error {
  override readonly name = "WriteConflictError";
}

/** Small texts of which only one writer can win: the recovery stack's bucket, for the lock and the journal. */
export interface ObjectStore {
  read(key: string, signal: AbortSignal): Promise<StoredObject | undefined>;
  /**
   * Returns the new version.
   *
   * @throws WriteConflictError when the object is not what was expected.
   */
  write(
    key: string,
    text: string,
    expected: string | typeof absent,
    signal: AbortSignal,
  ): Promise<string>;
  /** Keys in their order. */
  keys(prefix: string, signal: AbortSignal): Promise<readonly string[]>;
}

const callSeconds = 5;

const conflicts = ["PreconditionFailed", "ConditionalRequestConflict"];

/** S3's conditional writes make it a lock: `If-None-Match` for a new object, `If-Match` for the one that was read. */
export function recoveryBucket(client: S3Client, bucket: string): ObjectStore {
  return {
    async read(key, signal) {
      try {
        const { Body, ETag } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key }),
          callWithin(callSeconds, signal),
        );
        return { text: (await Body?.transformToString()) ?? "", version: ETag ?? "" };
      } catch (error) {
        if (errorName(error) === "NoSuchKey") return undefined;
        throw error;
      }
    },
    async write(key, text, expected, signal) {
      const condition = expected === absent ? { IfNoneMatch: "*" } : { IfMatch: expected };
      const object = { Bucket: bucket, Key: key, Body: text, ContentType: "application/json" };
      try {
        const { ETag } = await client.send(
          new PutObjectCommand({ ...object, ...condition }),
          callWithin(callSeconds, signal),
        );
        return ETag ?? "";
      } catch (error) {
        if (conflicts.includes(errorName(error)))
          throw new WriteConflictError(`Somebody else wrote ${key} first.`, { cause: error });
        throw error;
      }
    },
    async keys(prefix, signal) {
      const keys: string[] = [];
      let page: string | undefined;
      do {
        const { Contents = [], NextContinuationToken } = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: page }),
          callWithin(callSeconds, signal),
        );
        keys.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        page = NextContinuationToken;
      } while (page !== undefined);
      return keys;
    },
  };
}
