/**
 * A permission that no recorded call shows: AWS itself uses it with the role's or the caller's rights, or the recorded course does not come by.
 * Reviewed by hand.
 */
export interface AwsOnly {
  readonly action: string;
  readonly why: string;
  /** Where AWS says so; "recalled" where it was not looked up. */
  readonly source: string;
}

const lambdaVpc =
  "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html";
const replication =
  "https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets_troubleshoot.html";
const rdsKeys =
  "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html";

const networkInterfaces = "Lambda attaches the function to its VPC with the function's own role.";

/** Of the functions' roles. */
export const functionAwsOnly: readonly AwsOnly[] = [
  ...[
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ].map((action) => ({ action, why: networkInterfaces, source: lambdaVpc })),
  ...["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({
    action,
    why: "Lambda writes what the function prints, with the function's own role.",
    source: lambdaVpc,
  })),
];

const state = "Pulumi keeps its state there; the local cloud's is a folder.";

/** Of whoever types `pulumi` and `standby`, in every role. */
const stateAwsOnly: readonly AwsOnly[] = [
  ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"].map((action) => ({
    action,
    why: state,
    source: "https://www.pulumi.com/docs/iac/concepts/state-and-backends/",
  })),
  ...["kms:Encrypt", "kms:Decrypt"].map((action) => ({
    action,
    why: "The key of the state's secrets.",
    source: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  })),
];

/** Of a failover alone. */
export const failoverAwsOnly: readonly AwsOnly[] = [
  ...stateAwsOnly,
  {
    action: "rds:ModifyDBParameterGroup",
    why: "An old source that still answers is fenced before the promotion; in the recorded course it is silent.",
    source: "packages/recovery/src/steps/fence-if-answering.ts",
  },
];

/** Of ordinary updates. */
export const deployerAwsOnly: readonly AwsOnly[] = [
  ...stateAwsOnly,
  ...["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"].map((action) => ({
    action,
    why: "Secrets Manager decrypts with the primary's key and encrypts with the copy's, in both Regions, with the caller's rights.",
    source: replication,
  })),
  ...["kms:CreateGrant", "kms:DescribeKey"].map((action) => ({
    action,
    why: "RDS keeps using the key of an encrypted database by a grant that the caller makes through it.",
    source: rdsKeys,
  })),
  {
    action: "iam:PassRole",
    why: "Who makes a function gives it its role.",
    source:
      "https://docs.aws.amazon.com/lambda/latest/dg/access-control-identity-based.html (recalled)",
  },
  {
    action: "iam:CreateServiceLinkedRole",
    why: "The first database of an account makes RDS's own role.",
    source:
      "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html (recalled)",
  },
  {
    action: "ec2:DescribeVpcs",
    why: "Route 53 looks at a VPC with the caller's rights before it associates it with a zone.",
    source:
      "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html (recalled)",
  },
];
