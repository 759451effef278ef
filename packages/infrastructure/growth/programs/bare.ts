import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { firstValue, readerRoleArns, replicaRegions, secretNames, tags } from "./declared.ts";

/** The least that a Pulumi program needs for the same resources: no component, and nothing computed that AWS is not told. */
for (const name of secretNames(new pulumi.Config())) {
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
      { protect: true },
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
    { protect: true },
  );
  new aws.secretsmanager.SecretVersion(`${name}-first-value`, {
    secretId: secret.id,
    secretString: pulumi.secret(firstValue),
  });
}
