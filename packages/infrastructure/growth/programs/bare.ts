import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { firstValue, readerRoleArns, replicaRegions, secretNames, tags } from "./declared.ts";

/**
 * The least that a Pulumi program needs for as many resources of the same types: the component is an empty one that is their parent and
 * does nothing. Without it this program would have five resources a secret and not six, and every update a sixth less to do.
 */
for (const name of secretNames(new pulumi.Config())) {
  const parent = new pulumi.ComponentResource("standby:secret:ReplicatedSecret", name);
  const key = (region?: string) =>
    new aws.kms.Key(
      `${name}-key${region === undefined ? "" : `-${region}`}`,
      {
        description: `Secret ${name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags,
        ...(region === undefined ? {} : { region }),
      },
      { parent, protect: true },
    );
  const secret = new aws.secretsmanager.Secret(
    name,
    {
      name,
      description: "Credentials of the database",
      kmsKeyId: key().arn,
      replicas: replicaRegions.map((region) => ({ region, kmsKeyId: key(region).arn })),
      forceOverwriteReplicaSecret: false,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ReadersOfEveryRegion",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            Resource: "*",
            Condition: { ArnEquals: { "aws:PrincipalArn": readerRoleArns } },
          },
        ],
      }),
      recoveryWindowInDays: 30,
      tags,
    },
    { parent, protect: true },
  );
  new aws.secretsmanager.SecretVersion(
    `${name}-first-value`,
    { secretId: secret.id, secretString: pulumi.secret(firstValue) },
    { parent },
  );
}
