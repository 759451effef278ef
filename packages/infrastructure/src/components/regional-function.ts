import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { functionEnvironment } from "@standby/topology";
import { mysqlPort } from "./regional-database.ts";
import type { NetworkPlace } from "./regional-network.ts";

export interface RegionalFunctionArgs {
  readonly functionName: string;
  /** IAM is global: the name holds the Region. */
  readonly roleName: string;
  readonly region: string;
  /** Folder with `index.mjs`, relative to the program. */
  readonly bundlePath: string;
  /** ARN of this Region's own copy of the secret. */
  readonly secretArn: pulumi.Input<string>;
  /** KMS key of this Region, which encrypts that copy. */
  readonly keyArn: pulumi.Input<string>;
  /** Allowed targets of the CNAME, as `joinHostPatterns` writes them. */
  readonly databaseHosts: pulumi.Input<string>;
  readonly network: NetworkPlace;
  readonly tags: Readonly<Record<string, string>>;
}

/** A function of the application beside its Region's copy of the secret. It asks nothing of the other Region but the database. */
export class RegionalFunction extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: RegionalFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:function:RegionalFunction", name, {}, opts);

    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/lambda/${args.functionName}`, retentionInDays: 30, tags: args.tags },
      { parent: this },
    );
    const { role, policy } = this.role(name, args, logs);
    const securityGroupIds = args.network.functionSecurityGroupIds ?? [this.access(name, args).id];
    const fn = new aws.lambda.Function(
      name,
      {
        name: args.functionName,
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(args.bundlePath),
        memorySize: 256,
        // The default of 3 s does not hold a cold start in a VPC, a secret, a look-up and a TLS handshake.
        timeout: 15,
        environment: {
          variables: {
            [functionEnvironment.secretName]: args.secretArn,
            [functionEnvironment.regionName]: args.region,
            [functionEnvironment.databaseHosts]: args.databaseHosts,
          },
        },
        vpcConfig: {
          subnetIds: [...args.network.subnetIds],
          securityGroupIds: [...securityGroupIds],
        },
        tags: args.tags,
      },
      // Without its policy the function cannot join the VPC, and without the group Lambda makes one that keeps logs for ever.
      { parent: this, dependsOn: [policy, logs] },
    );

    this.functionName = fn.name;
    this.registerOutputs({ functionName: this.functionName });
  }

  private role(
    name: string,
    args: RegionalFunctionArgs,
    logs: aws.cloudwatch.LogGroup,
  ): { readonly role: aws.iam.Role; readonly policy: aws.iam.RolePolicy } {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "lambda.amazonaws.com" },
              Action: "sts:AssumeRole",
            },
          ],
        }),
        tags: args.tags,
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: "orders-api",
        role: role.name,
        policy: pulumi
          .all([args.secretArn, args.keyArn, logs.arn])
          .apply(([secretArn, keyArn, logsArn]) =>
            functionPolicy({ region: args.region, secretArn, keyArn, logsArn }),
          ),
      },
      { parent: this },
    );
    return { role, policy };
  }

  private access(name: string, { network, tags }: RegionalFunctionArgs): aws.ec2.SecurityGroup {
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { description: "Orders API", vpcId: network.vpcId, tags },
      { parent: this },
    );
    const rules = {
      // The VPC's own endpoint, or whichever way an existing network has to Secrets Manager.
      "secrets-manager": { cidrIpv4: "0.0.0.0/0", port: 443 },
      "own-database": { cidrIpv4: network.cidr, port: mysqlPort },
      "peer-database": { cidrIpv4: network.peerCidr, port: mysqlPort },
    };
    for (const [purpose, { cidrIpv4, port }] of Object.entries(rules))
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-to-${purpose}`,
        {
          securityGroupId: group.id,
          description: `To ${purpose}`,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          tags,
        },
        { parent: this },
      );
    return group;
  }
}

/** What the function may do, and nothing of the other Region. */
const functionPolicy = (arns: {
  readonly region: string;
  readonly secretArn: string;
  readonly keyArn: string;
  readonly logsArn: string;
}): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadLocalSecret",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: arns.secretArn,
      },
      {
        Sid: "DecryptLocalSecret",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: arns.keyArn,
        Condition: {
          StringEquals: { "kms:ViaService": `secretsmanager.${arns.region}.amazonaws.com` },
        },
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${arns.logsArn}:*`,
      },
      {
        // Lambda attaches the function to the VPC with the function's own role; these actions know no resource.
        Sid: "JoinVpc",
        Effect: "Allow",
        Action: [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        Resource: "*",
      },
    ],
  });
