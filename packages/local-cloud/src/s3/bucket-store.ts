import type { LifecycleRule } from "@aws-sdk/client-s3";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

export interface ObjectVersion {
  readonly versionId: string;
  readonly etag: string;
  /** Undefined: a delete marker. */
  readonly body: Buffer | undefined;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modifiedAt: Date;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: Date;
  /** Newest version first. */
  readonly objects: Map<string, ObjectVersion[]>;
  tags: TagMap;
  versioning: "Enabled" | "Suspended" | undefined;
  policy: string | undefined;
  publicAccessBlock: object | undefined;
  /** Kept and not carried out: no bucket lives for a day. */
  lifecycle: readonly LifecycleRule[] | undefined;
}

const namePattern = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]$/;

/** Buckets of all accounts and Regions share one name space; here all of them belong to the one account. */
export class BucketStore {
  readonly #buckets = new Map<string, Bucket>();

  create(name: string, region: string): Bucket {
    if (!namePattern.test(name))
      throw new AwsError("InvalidBucketName", "The specified bucket is not valid.");
    if (this.#buckets.has(name))
      throw new AwsError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
      );
    const bucket: Bucket = {
      name,
      region,
      createdAt: new Date(),
      objects: new Map(),
      tags: new Map(),
      versioning: undefined,
      policy: undefined,
      publicAccessBlock: undefined,
      lifecycle: undefined,
    };
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Throws `NoSuchBucket`, and S3's own refusal for a request that was signed for another Region. */
  get(name: string | undefined, region: string): Bucket {
    const bucket = this.#buckets.get(name ?? "");
    if (!bucket) throw new AwsError("NoSuchBucket", "The specified bucket does not exist", 404);
    if (bucket.region !== region)
      throw new AwsError(
        "AuthorizationHeaderMalformed",
        `The authorization header is malformed; the region '${region}' is wrong; expecting '${bucket.region}'`,
      );
    return bucket;
  }

  /** Throws `BucketNotEmpty`: versions and delete markers count. */
  remove(bucket: Bucket): void {
    if (bucket.objects.size > 0)
      throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
    this.#buckets.delete(bucket.name);
  }

  all(): readonly Bucket[] {
    return [...this.#buckets.values()];
  }
}
