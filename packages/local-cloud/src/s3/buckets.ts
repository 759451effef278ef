import type {
  CreateBucketOutput,
  CreateBucketRequest,
  GetBucketEncryptionOutput,
  GetBucketLifecycleConfigurationOutput,
  GetBucketLocationOutput,
  GetBucketPolicyOutput,
  GetBucketTaggingOutput,
  GetBucketVersioningOutput,
  GetPublicAccessBlockOutput,
  HeadBucketOutput,
  ListBucketsOutput,
  PutBucketLifecycleConfigurationRequest,
  PutBucketPolicyRequest,
  PutBucketTaggingRequest,
  PutBucketVersioningRequest,
  PutPublicAccessBlockRequest,
} from "@aws-sdk/client-s3";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import type { BucketStore } from "./bucket-store.ts";

interface Named {
  readonly Bucket?: string | undefined;
}

const missing = (code: string, message: string): AwsError => new AwsError(code, message, 404);

type Operations = Readonly<Record<string, Operation>>;

/** us-east-1 is the Region without a name, and a location is stated everywhere else. */
function checkLocation(constraint: string | undefined, region: string): void {
  if (region === "us-east-1" ? constraint === undefined : constraint === region) return;
  throw new AwsError(
    "IllegalLocationConstraintException",
    `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

const lifeOperations = (store: BucketStore): Operations => ({
  CreateBucket: operation<CreateBucketRequest, CreateBucketOutput>((input, { region }) => {
    checkLocation(input.CreateBucketConfiguration?.LocationConstraint, region);
    const bucket = store.create(input.Bucket ?? "", region);
    return { Location: `http://${bucket.name}.s3.amazonaws.com/` };
  }),
  DeleteBucket: operation<Named, object>(({ Bucket }, { region }) => {
    store.remove(store.get(Bucket, region));
    return {};
  }),
  HeadBucket: operation<Named, HeadBucketOutput>(({ Bucket }, { region }) => ({
    BucketRegion: store.get(Bucket, region).region,
  })),
  GetBucketLocation: operation<Named, GetBucketLocationOutput>(({ Bucket }, { region }) => {
    const bucket = store.get(Bucket, region);
    return bucket.region === "us-east-1"
      ? {}
      : {
          LocationConstraint: bucket.region as NonNullable<
            GetBucketLocationOutput["LocationConstraint"]
          >,
        };
  }),
  ListBuckets: operation<object, ListBucketsOutput>(() => ({
    Buckets: store.all().map(({ name, region, createdAt }) => ({
      Name: name,
      BucketRegion: region,
      CreationDate: createdAt,
    })),
  })),
});

const settingOperations = (store: BucketStore): Operations => ({
  PutBucketVersioning: operation<PutBucketVersioningRequest, object>((input, { region }) => {
    const { Status } = input.VersioningConfiguration ?? {};
    if (Status !== "Enabled" && Status !== "Suspended")
      throw new AwsError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
      );
    store.get(input.Bucket, region).versioning = Status;
    return {};
  }),
  GetBucketVersioning: operation<Named, GetBucketVersioningOutput>(({ Bucket }, { region }) => ({
    Status: store.get(Bucket, region).versioning,
  })),
  // Every bucket is encrypted with keys of S3 unless it is told another way.
  GetBucketEncryption: operation<Named, GetBucketEncryptionOutput>(({ Bucket }, { region }) => {
    store.get(Bucket, region);
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    };
  }),
  PutPublicAccessBlock: operation<PutPublicAccessBlockRequest, object>((input, { region }) => {
    store.get(input.Bucket, region).publicAccessBlock = input.PublicAccessBlockConfiguration;
    return {};
  }),
  GetPublicAccessBlock: operation<Named, GetPublicAccessBlockOutput>(({ Bucket }, { region }) => {
    const { publicAccessBlock } = store.get(Bucket, region);
    if (!publicAccessBlock)
      throw missing(
        "NoSuchPublicAccessBlockConfiguration",
        "The public access block configuration was not found",
      );
    return { PublicAccessBlockConfiguration: publicAccessBlock };
  }),
  DeletePublicAccessBlock: operation<Named, object>(({ Bucket }, { region }) => {
    store.get(Bucket, region).publicAccessBlock = undefined;
    return {};
  }),
});

const lifecycleOperations = (store: BucketStore): Operations => ({
  PutBucketLifecycleConfiguration: operation<PutBucketLifecycleConfigurationRequest, object>(
    (input, { region }) => {
      store.get(input.Bucket, region).lifecycle = input.LifecycleConfiguration?.Rules ?? [];
      return {};
    },
  ),
  GetBucketLifecycleConfiguration: operation<Named, GetBucketLifecycleConfigurationOutput>(
    ({ Bucket }, { region }) => {
      const { lifecycle } = store.get(Bucket, region);
      if (!lifecycle)
        throw missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
      return { Rules: [...lifecycle] };
    },
  ),
  DeleteBucketLifecycle: operation<Named, object>(({ Bucket }, { region }) => {
    store.get(Bucket, region).lifecycle = undefined;
    return {};
  }),
});

const policyAndTagOperations = (store: BucketStore): Operations => ({
  PutBucketPolicy: operation<PutBucketPolicyRequest, object>((input, { region }) => {
    const bucket = store.get(input.Bucket, region);
    try {
      JSON.parse(input.Policy ?? "");
    } catch {
      throw new AwsError(
        "MalformedPolicy",
        "Policies must be valid JSON and the first byte must be '{'",
      );
    }
    bucket.policy = input.Policy;
    return {};
  }),
  GetBucketPolicy: operation<Named, GetBucketPolicyOutput>(({ Bucket }, { region }) => {
    const { policy } = store.get(Bucket, region);
    if (policy === undefined)
      throw missing("NoSuchBucketPolicy", "The bucket policy does not exist");
    return { Policy: policy };
  }),
  DeleteBucketPolicy: operation<Named, object>(({ Bucket }, { region }) => {
    store.get(Bucket, region).policy = undefined;
    return {};
  }),
  PutBucketTagging: operation<PutBucketTaggingRequest, object>((input, { region }) => {
    const tags = input.Tagging?.TagSet ?? [];
    store.get(input.Bucket, region).tags = new Map(
      tags.map(({ Key = "", Value = "" }) => [Key, Value]),
    );
    return {};
  }),
  GetBucketTagging: operation<Named, GetBucketTaggingOutput>(({ Bucket }, { region }) => {
    const { tags } = store.get(Bucket, region);
    if (tags.size === 0) throw missing("NoSuchTagSet", "The TagSet does not exist");
    return { TagSet: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  }),
  DeleteBucketTagging: operation<Named, object>(({ Bucket }, { region }) => {
    store.get(Bucket, region).tags = new Map();
    return {};
  }),
});

/** What a bucket is told and asked. Policies are kept, and like all policies here not evaluated. */
export const bucketOperations = (store: BucketStore): Operations => ({
  ...lifeOperations(store),
  ...settingOperations(store),
  ...lifecycleOperations(store),
  ...policyAndTagOperations(store),
});
