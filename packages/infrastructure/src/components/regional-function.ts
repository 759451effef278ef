import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { functionEnvironment } from "@standby/topology";
import { functionLogs, logStatement, policyDocument, takenByLambda } from "./function-identity.ts";
import { mysqlPort } from "./regional-database.ts";
import type { NetworkPlace } from "./regional-network.ts";

export interface RegionalFunctionArgs {
  readonly functionName: string;
  /**
   * A role of this name, made here with the right to read the secret, or that of another function, with all its rights and its place
   * in the network. IAM is global: the name holds the Region.
   */
  readonly role: { readonly name: string } | { readonly of: RegionalFunction };
  /** Names the rights that this function brings to its role. */
  readonly policyName: string;
  /** Of its security group, for people. */
  readonly description: string;
  /** Default 15: AWS's of 3 does not hold a cold start in a VPC, a secret, a look-up and a TLS handshake. */
  readonly timeoutSeconds?: number;
  readonly region: string;
  /** Folder with `index.mjs`, relative to the program. */
  readonly bundlePath: string;
  /** ARN of this Region's own copy of the secret. */
  readonly secretArn: pulumi.Input<string>;
  /** KMS key of this Region, which encrypts that copy. */
  readonly keyArn: pulumi.Input<string>;
  /** Allowed targets of the CNAME, as `joinHostPatterns` writes them. */
  readonly databaseHosts: pulumi.Input<string>;
  /** What it is told beyond the secret, the Region and the database hosts. */
  readonly variables?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it may do beyond reading the secret and writing its log. */
  readonly statements?: pulumi.Input<readonly object[]>;
  /** An HTTPS address for callers of the account who sign and may use it. Default: none, the function is invoked by its name. */
  readonly address?: "signed";
  readonly network: NetworkPlace;
  readonly tags: Readonly<Record<string, string>>;
}

/** A function of the application beside its Region's copy of the secret. It asks nothing of the other Region but the database. */
export class RegionalFunction extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly functionArn: pulumi.Output<string>;
  /** Undefined when it has no address. */
  readonly functionUrl: pulumi.Output<string> | undefined;
  readonly role: aws.iam.Role;
  readonly securityGroupIds: readonly pulumi.Input<string>[];

  constructor(name: string, args: RegionalFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:function:RegionalFunction", name, {}, opts);

    const logs = functionLogs(name, args, this);
    const shared = "of" in args.role ? args.role.of : undefined;
    this.role = shared?.role ?? this.makeRole(name, args);
    const policy = this.policy(name, args, logs);
    this.securityGroupIds = shared?.securityGroupIds ??
      args.network.functionSecurityGroupIds ?? [this.access(name, args).id];
    const fn = new aws.lambda.Function(
      name,
      {
        name: args.functionName,
        role: this.role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(args.bundlePath),
        memorySize: 256,
        timeout: args.timeoutSeconds ?? 15,
        environment: {
          variables: {
            [functionEnvironment.secretName]: args.secretArn,
            [functionEnvironment.regionName]: args.region,
            [functionEnvironment.databaseHosts]: args.databaseHosts,
            ...args.variables,
          },
        },
        vpcConfig: {
          subnetIds: [...args.network.subnetIds],
          securityGroupIds: [...this.securityGroupIds],
        },
        tags: args.tags,
      },
      // Without its policy the function cannot join the VPC, and without the group Lambda makes one that keeps logs for ever.
      { parent: this, dependsOn: [policy, logs] },
    );

    this.functionName = fn.name;
    this.functionArn = fn.arn;
    this.functionUrl =
      args.address === undefined
        ? undefined
        : new aws.lambda.FunctionUrl(
            `${name}-url`,
            { functionName: fn.name, authorizationType: "AWS_IAM" },
            { parent: this },
          ).functionUrl;
    this.registerOutputs({
      functionName: this.functionName,
      functionArn: this.functionArn,
      functionUrl: this.functionUrl,
    });
  }

  private makeRole(name: string, { role, tags }: RegionalFunctionArgs): aws.iam.Role {
    return new aws.iam.Role(
      `${name}-role`,
      {
        ...("name" in role ? { name: role.name } : {}),
        assumeRolePolicy: takenByLambda,
        tags,
      },
      { parent: this },
    );
  }

  private policy(
    name: string,
    args: RegionalFunctionArgs,
    logs: aws.cloudwatch.LogGroup,
  ): aws.iam.RolePolicy {
    const own = "name" in args.role;
    return new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: args.policyName,
        role: this.role.name,
        policy: pulumi
          .all([args.secretArn, args.keyArn, logs.arn, args.statements ?? []])
          .apply(([secretArn, keyArn, logsArn, statements]) =>
            policyDocument([
              ...(own ? roleStatements({ region: args.region, secretArn, keyArn }) : []),
              logStatement(logsArn),
              ...statements,
            ]),
          ),
      },
      { parent: this },
    );
  }

  private access(
    name: string,
    { network, description, tags }: RegionalFunctionArgs,
  ): aws.ec2.SecurityGroup {
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { description, vpcId: network.vpcId, tags },
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

/** What every function of the role may do, and nothing of the other Region. */
const roleStatements = (arns: {
  readonly region: string;
  readonly secretArn: string;
  readonly keyArn: string;
}): readonly object[] => [
  {
    Sid: "ReadLocalSecret",
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
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
];
