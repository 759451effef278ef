import {
  type BucketVersioningStatus,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { during, hasCode } from "../aws-call-error.ts";
import { equivalentJson } from "../equality.ts";
import {
  flag,
  maps,
  nested,
  number,
  type PropertyMap,
  requiredText,
  text,
} from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";

/** One setting of a bucket as a resource of its own, whose id is the bucket. */
interface Setting {
  /** In the provider's messages. */
  readonly title: string;
  put(bucket: string, properties: PropertyMap, scope: Scope): Promise<unknown>;
  get(bucket: string, state: PropertyMap, scope: Scope): Promise<PropertyMap | undefined>;
  remove(bucket: string, state: PropertyMap, scope: Scope): Promise<unknown>;
  /** S3's code for a setting that was never made. */
  readonly absent: string;
}

const settingHandler = ({ title, put, get, remove, absent }: Setting): ResourceHandler => {
  const isGone = (error: unknown) => hasCode(error, absent) || hasCode(error, "NoSuchBucket");
  return {
    async create(inputs, scope, created) {
      const bucket = requiredText(inputs, "bucket");
      try {
        await put(bucket, inputs, scope);
      } catch (error) {
        throw during(`creating ${title} (${bucket})`, error);
      }
      created(bucket);
    },
    async read(id, state, scope) {
      try {
        const found = await get(id, state, scope);
        return found && { bucket: id, ...found };
      } catch (error) {
        if (isGone(error)) return undefined;
        throw during(`reading ${title} (${id})`, error);
      }
    },
    async update({ id, planned, changed }, scope) {
      if (changed.size === 0) return;
      try {
        await put(id, planned, scope);
      } catch (error) {
        throw during(`updating ${title} (${id})`, error);
      }
    },
    async delete(id, state, scope) {
      try {
        await remove(id, state, scope);
      } catch (error) {
        if (isGone(error)) return;
        throw during(`deleting ${title} (${id})`, error);
      }
    },
  };
};

const setVersioning = (Bucket: string, Status: BucketVersioningStatus, scope: Scope) =>
  scope.aws.s3.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }),
    { abortSignal: scope.signal },
  );

export const s3BucketVersioning = settingHandler({
  title: "S3 Bucket Versioning",
  absent: "",
  put: (bucket, properties, scope) =>
    setVersioning(
      bucket,
      requiredText(
        nested(properties, "versioningConfiguration") ?? {},
        "status",
      ) as BucketVersioningStatus,
      scope,
    ),
  async get(Bucket, _state, scope) {
    const { Status } = await scope.aws.s3.send(new GetBucketVersioningCommand({ Bucket }), {
      abortSignal: scope.signal,
    });
    return Status && { versioningConfiguration: { status: Status } };
  },
  remove: (bucket, _state, scope) => setVersioning(bucket, "Suspended", scope),
});

export const s3BucketPolicy = settingHandler({
  title: "S3 Bucket Policy",
  absent: "NoSuchBucketPolicy",
  put: (Bucket, properties, scope) =>
    scope.aws.s3.send(
      new PutBucketPolicyCommand({ Bucket, Policy: requiredText(properties, "policy") }),
      { abortSignal: scope.signal },
    ),
  async get(Bucket, state, scope) {
    const { Policy = "" } = await scope.aws.s3.send(new GetBucketPolicyCommand({ Bucket }), {
      abortSignal: scope.signal,
    });
    return { policy: equivalentJson(state["policy"], Policy) ? state["policy"] : Policy };
  },
  remove: (Bucket, _state, scope) =>
    scope.aws.s3.send(new DeleteBucketPolicyCommand({ Bucket }), { abortSignal: scope.signal }),
});

const ruleOf = (rule: PropertyMap): LifecycleRule => {
  const days = number(nested(rule, "noncurrentVersionExpiration") ?? {}, "noncurrentDays");
  return {
    ID: requiredText(rule, "id"),
    Status: requiredText(rule, "status") as NonNullable<LifecycleRule["Status"]>,
    Filter: { Prefix: text(nested(rule, "filter") ?? {}, "prefix") ?? "" },
    ...(days === undefined ? {} : { NoncurrentVersionExpiration: { NoncurrentDays: days } }),
  };
};

const propertiesOf = (rule: LifecycleRule): PropertyMap => {
  const days = rule.NoncurrentVersionExpiration?.NoncurrentDays;
  return {
    id: rule.ID ?? "",
    status: rule.Status ?? "",
    filter: { prefix: rule.Filter?.Prefix ?? "" },
    ...(days === undefined ? {} : { noncurrentVersionExpiration: { noncurrentDays: days } }),
  };
};

/** Rules that end old versions; of the others S3 has, no stack here makes one. */
export const s3BucketLifecycle = settingHandler({
  title: "S3 Bucket Lifecycle Configuration",
  absent: "NoSuchLifecycleConfiguration",
  put: (Bucket, properties, scope) =>
    scope.aws.s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: maps(properties, "rules").map(ruleOf) },
      }),
      { abortSignal: scope.signal },
    ),
  async get(Bucket, _state, scope) {
    const { Rules = [] } = await scope.aws.s3.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket }),
      { abortSignal: scope.signal },
    );
    return { rules: Rules.map(propertiesOf) };
  },
  remove: (Bucket, _state, scope) =>
    scope.aws.s3.send(new DeleteBucketLifecycleCommand({ Bucket }), { abortSignal: scope.signal }),
});

export const s3PublicAccessBlock = settingHandler({
  title: "S3 Bucket Public Access Block",
  absent: "NoSuchPublicAccessBlockConfiguration",
  put: (Bucket, properties, scope) =>
    scope.aws.s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: flag(properties, "blockPublicAcls") ?? false,
          BlockPublicPolicy: flag(properties, "blockPublicPolicy") ?? false,
          IgnorePublicAcls: flag(properties, "ignorePublicAcls") ?? false,
          RestrictPublicBuckets: flag(properties, "restrictPublicBuckets") ?? false,
        },
      }),
      { abortSignal: scope.signal },
    ),
  async get(Bucket, _state, scope) {
    const { PublicAccessBlockConfiguration: block } = await scope.aws.s3.send(
      new GetPublicAccessBlockCommand({ Bucket }),
      { abortSignal: scope.signal },
    );
    return {
      blockPublicAcls: block?.BlockPublicAcls ?? false,
      blockPublicPolicy: block?.BlockPublicPolicy ?? false,
      ignorePublicAcls: block?.IgnorePublicAcls ?? false,
      restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
    };
  },
  remove: (Bucket, _state, scope) =>
    scope.aws.s3.send(new DeletePublicAccessBlockCommand({ Bucket }), {
      abortSignal: scope.signal,
    }),
});
