import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface AdminSecretArgs {
  /** The same in every Region. */
  readonly secretName: string;
  readonly region: string;
  readonly replicaRegions: readonly string[];
  /** Of every Region: those of the application's secret. */
  readonly keyArns: Readonly<Record<string, pulumi.Input<string>>>;
  /** The rotation roles of every Region, and nobody else. They need not exist yet. */
  readonly readerRoleArns: readonly string[];
  readonly accountId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The master user's credentials, beside the application's secret and replicated as that is. This program never knows the value: the
 * rotation function's bootstrap puts it there.
 */
export class AdminSecret extends pulumi.ComponentResource {
  /** ARN of the secret in its own Region. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AdminSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:secret:AdminSecret", name, {}, opts);
    const keyIn = (region: string): pulumi.Input<string> => {
      const arn = args.keyArns[region];
      if (!arn) throw new TypeError("every Region that holds a copy has a key");
      return arn;
    };
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: args.secretName,
        description: "The master user of the database; read by the rotation function alone",
        kmsKeyId: keyIn(args.region),
        replicas: args.replicaRegions.map((region) => ({ region, kmsKeyId: keyIn(region) })),
        // True would let the secret overwrite a copy that was promoted in its own Region.
        forceOverwriteReplicaSecret: false,
        policy: rotationOnly(args),
        recoveryWindowInDays: 30,
        tags: args.tags,
      },
      { parent: this, protect: true },
    );
    this.arn = secret.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/**
 * Denies the value to everybody else, administrators included: whoever needs it in an emergency changes this policy first, which
 * leaves a trace. The principal is the account, since AWS refuses a policy that names a role which does not exist yet.
 */
const rotationOnly = ({ accountId, readerRoleArns }: AdminSecretArgs): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RotationOfEveryRegionOnly",
        Effect: "Deny",
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: "secretsmanager:GetSecretValue",
        Resource: "*",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": readerRoleArns } },
      },
    ],
  });
