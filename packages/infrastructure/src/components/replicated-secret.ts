import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ReplicatedSecretArgs {
  /** The same in every Region: a replica has its primary's name. */
  readonly secretName: string;
  /** The Region of the secret itself. */
  readonly region: string;
  /** The other Regions that hold a copy. */
  readonly replicaRegions: readonly string[];
  /** The Regions that held one once: their keys are kept, because a key that is deleted takes with it whatever it encrypted. */
  readonly formerReplicaRegions: readonly string[];
  /** The roles, of any Region, that may read the secret. They need not exist yet. */
  readonly readerRoleArns: readonly string[];
  readonly accountId: string;
  /** The value to begin with, declared only until a database lives by it; every later value belongs to rotation. */
  readonly firstValue?: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A secret, its copies, and the KMS key of each Region that holds one. The keys are independent, one a Region: a copy must be readable
 * with nothing of the primary Region. They also encrypt the database's storage of their Region.
 */
export class ReplicatedSecret extends pulumi.ComponentResource {
  /** ARN of the secret in its own Region. */
  readonly arn: pulumi.Output<string>;
  /** ARN of the key of the secret's own Region. */
  readonly keyArn: pulumi.Output<string>;
  /** ARN of every Region's key, by Region. */
  readonly keyArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** The first value as Secrets Manager stores it, which after an interrupted run is the one of the first attempt. */
  readonly storedFirstValue: pulumi.Output<string> | undefined;

  constructor(name: string, args: ReplicatedSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:secret:ReplicatedSecret", name, {}, opts);
    if (args.replicaRegions.length === 0 || args.replicaRegions.includes(args.region))
      throw new pulumi.InputPropertyError({
        propertyPath: "replicaRegions",
        reason: "must name at least one Region, and not the secret's own",
      });

    const ownKey = this.encryptionKey(`${name}-key`, args);
    const replicas = args.replicaRegions.map((region) => ({
      region,
      key: this.encryptionKey(`${name}-key-${region}`, args, region),
    }));
    for (const region of args.formerReplicaRegions)
      this.encryptionKey(`${name}-key-${region}`, args, region);
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: args.secretName,
        description: "Credentials of the database; host is a CNAME that follows a failover",
        kmsKeyId: ownKey.arn,
        // Stated, because a replica without its key and one with it are two replicas: the change deletes the copy before it makes another.
        replicas: replicas.map(({ region, key }) => ({ region, kmsKeyId: key.arn })),
        // True would let this secret overwrite a copy that was promoted in its own Region.
        forceOverwriteReplicaSecret: false,
        policy: readersPolicy(args),
        recoveryWindowInDays: 30,
        tags: args.tags,
      },
      { parent: this, protect: true },
    );

    this.arn = secret.arn;
    this.keyArn = ownKey.arn;
    this.keyArns = Object.fromEntries([
      [args.region, ownKey.arn],
      ...replicas.map(({ region, key }) => [region, key.arn] as const),
    ]);
    this.storedFirstValue =
      args.firstValue === undefined ? undefined : this.firstVersion(name, secret, args.firstValue);
    this.registerOutputs({ arn: this.arn, keyArn: this.keyArn, keyArns: this.keyArns });
  }

  private encryptionKey(
    keyName: string,
    { secretName, tags }: ReplicatedSecretArgs,
    region?: string,
  ): aws.kms.Key {
    return new aws.kms.Key(
      keyName,
      {
        description: `Secret ${secretName} and its database in ${region ?? "the primary Region"}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags,
        ...(region === undefined ? {} : { region }),
      },
      { parent: this, protect: true },
    );
  }

  /**
   * Declared while no database exists and forgotten afterwards: left in the program it would write the first password back as soon as
   * AWS drops the version that rotation has replaced.
   */
  private firstVersion(
    name: string,
    secret: aws.secretsmanager.Secret,
    firstValue: pulumi.Input<string>,
  ): pulumi.Output<string> {
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-first-value`,
      { secretId: secret.id, secretString: pulumi.secret(firstValue) },
      { parent: this, retainOnDelete: true, ignoreChanges: ["secretString"] },
    );
    return pulumi.secret(version.secretString.apply((value) => value ?? firstValue));
  }
}

/**
 * The copies carry this very policy, so it names the readers of every Region. The principal is the account: AWS refuses a policy that
 * names a role which does not exist yet, and follows a role that is re-created with another id.
 */
const readersPolicy = ({ accountId, readerRoleArns }: ReplicatedSecretArgs): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadersOfEveryRegion",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: "*",
        Condition: { ArnEquals: { "aws:PrincipalArn": readerRoleArns } },
      },
    ],
  });
