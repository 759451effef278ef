import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface RecoveryBucketArgs {
  /** Bucket names are global: it holds account and Region. */
  readonly bucketName: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The bucket of the recovery commands' journal and lock, and of the probe's record of the lag: private, versioned, reached by TLS alone.
 * S3 encrypts every object with keys of its own unless it is told of others.
 */
export class RecoveryBucket extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: RecoveryBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:storage:RecoveryBucket", name, {}, opts);

    const { bucketName, tags } = args;
    const bucket = new aws.s3.Bucket(
      name,
      { bucket: bucketName, tags },
      // Another name is another bucket, without the history of what was done.
      { parent: this, protect: true },
    );
    const versions = new aws.s3.BucketVersioning(
      `${name}-versions`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-old-versions`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
          },
        ],
      },
      { parent: this, dependsOn: [versions] },
    );
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-private`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      { bucket: bucket.bucket, policy: bucket.arn.apply(tlsOnly) },
      // Two changes of a bucket's access at once are refused by S3.
      { parent: this, dependsOn: [block] },
    );

    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}

/** The lag is written over every minute: kept for ever, a year of it is half a million versions. */
const oldVersionDays = 30;

const tlsOnly = (bucketArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
