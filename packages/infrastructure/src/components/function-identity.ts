import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Who may take the role of a function: Lambda alone. */
export const takenByLambda = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ],
});

/** The log of a function. Without the group Lambda makes one that is kept for ever. */
export const functionLogs = (
  name: string,
  {
    functionName,
    tags,
  }: { readonly functionName: string; readonly tags: Readonly<Record<string, string>> },
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    { name: `/aws/lambda/${functionName}`, retentionInDays: 30, tags },
    { parent },
  );

export const policyDocument = (statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** What every function's role may do: write the function's own log. */
export const logStatement = (logsArn: string): object => ({
  Sid: "WriteLogs",
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: `${logsArn}:*`,
});

/** A function that joins no VPC and reads no secret: a role of its own, with these rights and its log. */
export function ownIdentity(
  name: string,
  args: {
    readonly functionName: string;
    /** IAM is global: it holds the Region. */
    readonly roleName: string;
    readonly policyName: string;
    readonly statements: pulumi.Input<readonly object[]>;
    readonly tags: Readonly<Record<string, string>>;
  },
  parent: pulumi.Resource,
) {
  const { roleName, policyName, statements, tags } = args;
  const logs = functionLogs(name, args, parent);
  const role = new aws.iam.Role(
    `${name}-role`,
    { name: roleName, assumeRolePolicy: takenByLambda, tags },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      name: policyName,
      role: role.name,
      policy: pulumi
        .all([logs.arn, statements])
        .apply(([logsArn, own]) => policyDocument([...own, logStatement(logsArn)])),
    },
    { parent },
  );
  return { role, policy, logs };
}
