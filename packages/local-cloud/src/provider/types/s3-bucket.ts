import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { during, hasCode } from "../aws-call-error.ts";
import { type PropertyMap, requiredText, textMap } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";
import { tagList, tagMap } from "../tag-changes.ts";

/** Inline settings have resources of their own, and most of them are deprecated. */
const inlineSettings = [
  "accelerationStatus",
  "corsRules",
  "grants",
  "lifecycleRules",
  "loggings",
  "objectLockConfiguration",
  "replicationConfiguration",
  "website",
];

const isGone = (error: unknown): boolean =>
  hasCode(error, "NotFound") || hasCode(error, "NoSuchBucket");

const tagsOf = async (Bucket: string, scope: Scope): Promise<Record<string, string>> => {
  try {
    const { TagSet } = await scope.aws.s3.send(new GetBucketTaggingCommand({ Bucket }), {
      abortSignal: scope.signal,
    });
    return tagMap(TagSet);
  } catch (error) {
    if (hasCode(error, "NoSuchTagSet")) return {};
    throw error;
  }
};

const putTags = async (Bucket: string, properties: PropertyMap, scope: Scope): Promise<void> => {
  const TagSet = tagList(textMap(properties, "tagsAll"));
  const options = { abortSignal: scope.signal };
  if (TagSet.length === 0)
    await scope.aws.s3.send(new DeleteBucketTaggingCommand({ Bucket }), options);
  else
    await scope.aws.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }), options);
};

export const s3Bucket: ResourceHandler = {
  async create(inputs, scope, created) {
    const Bucket = requiredText(inputs, "bucket");
    const inline = inlineSettings.find((name) => inputs[name] !== undefined);
    if (inline) throw new Error(`NotModelled: aws.s3.Bucket with ${inline}`);
    const constraint = scope.region as BucketLocationConstraint;
    const elsewhere =
      scope.region === "us-east-1"
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: constraint } };
    try {
      await scope.aws.s3.send(new CreateBucketCommand({ Bucket, ...elsewhere }), {
        abortSignal: scope.signal,
      });
      created(Bucket);
      if (Object.keys(textMap(inputs, "tagsAll")).length > 0) await putTags(Bucket, inputs, scope);
    } catch (error) {
      throw during(`creating S3 Bucket (${Bucket})`, error);
    }
  },

  async read(id, _state, scope) {
    try {
      await scope.aws.s3.send(new HeadBucketCommand({ Bucket: id }), {
        abortSignal: scope.signal,
      });
      return {
        arn: `arn:aws:s3:::${id}`,
        bucket: id,
        bucketDomainName: `${id}.s3.amazonaws.com`,
        bucketRegion: scope.region,
        bucketRegionalDomainName: `${id}.s3.${scope.region}.amazonaws.com`,
        tags: await tagsOf(id, scope),
      };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw during(`reading S3 Bucket (${id})`, error);
    }
  },

  async update({ id, planned, changed }, scope) {
    if (!changed.has("tagsAll")) return;
    try {
      await putTags(id, planned, scope);
    } catch (error) {
      throw during(`updating S3 Bucket (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    try {
      await scope.aws.s3.send(new DeleteBucketCommand({ Bucket: id }), {
        abortSignal: scope.signal,
      });
    } catch (error) {
      if (isGone(error)) return;
      throw during(`deleting S3 Bucket (${id})`, error);
    }
  },
};
