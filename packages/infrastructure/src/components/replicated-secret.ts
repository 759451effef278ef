import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { defaultKeyAlias, isKeyArn, type KeyChoice } from "../secret-keys.ts";

/** A secret of this program's own. */
interface MadeSecret {
  readonly kind: "made";
  /** The roles, of any Region, that may read the secret. They need not exist yet. */
  readonly readerRoleArns: readonly string[];
  readonly accountId: string;
  /** The value to begin with, declared only until a database lives by it; every later value belongs to rotation. */
  readonly firstValue?: pulumi.Input<string>;
}

/** A secret that somebody else has made. */
interface AdoptedSecret {
  readonly kind: "adopted";
  readonly arn: string;
  /** Its copies are this program's. Until then they are as they are: an import that changed something would be refused. */
  readonly replicate: boolean;
}

export interface ReplicatedSecretArgs {
  /** The same in every Region: a replica has its primary's name. */
  readonly secretName: string;
  /** The Region of the secret itself. */
  readonly region: string;
  /** The other Regions that hold a copy. */
  readonly replicaRegions: readonly string[];
  /** Of each of these Regions. */
  readonly keys: Readonly<Record<string, KeyChoice>>;
  /** Regions whose made key is not used any more: a key that is deleted takes with it whatever it encrypted. */
  readonly keptKeyRegions: readonly string[];
  readonly origin: MadeSecret | AdoptedSecret;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * A secret, its copies, and the KMS key of each Region that holds one. The keys are independent, one a Region: a copy must be readable
 * with nothing of the primary Region. They also encrypt the database's storage of their Region; a Region whose copy has AWS's default
 * key has one for its database alone.
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

    const ownKeyArn = this.keyArnIn(args.region, `${name}-key`, args);
    const replicaKeyArns = args.replicaRegions.map(
      (region) => [region, this.keyArnIn(region, `${name}-key-${region}`, args)] as const,
    );
    for (const region of args.keptKeyRegions)
      this.encryptionKey(`${name}-key-${region}`, args, region);
    this.keyArn = ownKeyArn;
    this.keyArns = Object.fromEntries([[args.region, ownKeyArn], ...replicaKeyArns]);
    const secret = this.secret(name, args);
    this.arn = secret.arn;
    this.storedFirstValue = this.firstVersion(name, secret, args);
    this.registerOutputs({ arn: this.arn, keyArn: this.keyArn, keyArns: this.keyArns });
  }

  private secret(name: string, args: ReplicatedSecretArgs): aws.secretsmanager.Secret {
    const { origin } = args;
    return origin.kind === "adopted"
      ? this.adoptedSecret(name, args, origin)
      : this.madeSecret(name, args, origin);
  }

  private adoptedSecret(
    name: string,
    args: ReplicatedSecretArgs,
    origin: AdoptedSecret,
  ): aws.secretsmanager.Secret {
    return new aws.secretsmanager.Secret(
      name,
      {
        name: args.secretName,
        forceOverwriteReplicaSecret,
        ...(origin.replicate ? { replicas: this.replicas(args) } : {}),
      },
      {
        parent: this,
        protect: true,
        // It was there before this stack and outlives it.
        retainOnDelete: true,
        import: origin.arn,
        ignoreChanges: ignoredOfAdopted(origin),
      },
    );
  }

  private madeSecret(
    name: string,
    args: ReplicatedSecretArgs,
    origin: MadeSecret,
  ): aws.secretsmanager.Secret {
    return new aws.secretsmanager.Secret(
      name,
      {
        name: args.secretName,
        description: "Credentials of the database; host is a CNAME that follows a failover",
        // AWS tells nobody that a secret has the default key: stated, it would be a difference for ever.
        ...(args.keys[args.region] === "default" ? {} : { kmsKeyId: this.keyArn }),
        replicas: this.replicas(args),
        forceOverwriteReplicaSecret,
        policy: readersPolicy(origin),
        recoveryWindowInDays: 30,
        tags: args.tags,
      },
      { parent: this, protect: true },
    );
  }

  /** With the key stated, because a replica without its key and one with it are two: the change deletes the copy before it makes another. */
  private replicas({ replicaRegions, keys }: ReplicatedSecretArgs) {
    return replicaRegions.map((region) => ({
      region,
      kmsKeyId: keys[region] === "default" ? defaultKeyAlias : this.keyArnOf(region),
    }));
  }

  /** The key that a Region's database has, and the copy of the secret too unless AWS's default one is chosen for it. */
  private keyArnIn(
    region: string,
    keyName: string,
    args: ReplicatedSecretArgs,
  ): pulumi.Output<string> {
    const choice = args.keys[region];
    if (isKeyArn(choice)) return pulumi.output(choice);
    return this.encryptionKey(keyName, args, region === args.region ? undefined : region).arn;
  }

  private keyArnOf(region: string): pulumi.Output<string> {
    const arn = this.keyArns[region];
    if (!arn) throw new TypeError("every Region that holds a copy has a key");
    return arn;
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
    { origin }: ReplicatedSecretArgs,
  ): pulumi.Output<string> | undefined {
    if (origin.kind === "adopted" || origin.firstValue === undefined) return undefined;
    const { firstValue } = origin;
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-first-value`,
      { secretId: secret.id, secretString: pulumi.secret(firstValue) },
      { parent: this, retainOnDelete: true, ignoreChanges: ["secretString"] },
    );
    return pulumi.secret(version.secretString.apply((value) => value ?? firstValue));
  }
}

/** True would let the secret overwrite a copy that was promoted in its own Region. */
const forceOverwriteReplicaSecret = false;

/** Everything that its owner decides. What the provider does not read back would differ from an import for ever. */
const ignoredOfAdopted = ({ replicate }: AdoptedSecret): string[] => [
  "description",
  "forceOverwriteReplicaSecret",
  "kmsKeyId",
  "name",
  "policy",
  "recoveryWindowInDays",
  "tags",
  "tagsAll",
  "type",
  ...(replicate ? [] : ["replicas"]),
];

/**
 * The copies carry this very policy, so it names the readers of every Region. The principal is the account: AWS refuses a policy that
 * names a role which does not exist yet, and follows a role that is re-created with another id.
 */
const readersPolicy = ({ accountId, readerRoleArns }: MadeSecret): string =>
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
