import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dnsSwitchEnvironment, dnsSwitchNamespace } from "@standby/topology";

export interface SwitchFunctionArgs {
  readonly functionName: string;
  readonly service: string;
  readonly primaryRegion: string;
  /** The function's own Region. */
  readonly region: string;
  /** Where the name is to lead to. */
  readonly namedRegion: string;
  /** What has to be so before the name moves. */
  readonly after: readonly pulumi.Resource[];
  /** Folder with `index.mjs`, relative to the program. */
  readonly bundlePath: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The function that says every minute which Region the name is to lead to. It joins no VPC and knows no database. Its environment
 * holds that Region, the one value that a move changes.
 */
export class SwitchFunction extends pulumi.ComponentResource {
  /** What the function was told: unknown, and not the wish, when its update failed. */
  readonly namedRegion: pulumi.Output<string>;

  constructor(name: string, args: SwitchFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:dns:SwitchFunction", name, {}, opts);
    const { role, policy, logs } = this.identity(name, args);
    const { namedRegion, primaryRegion, service } = dnsSwitchEnvironment;
    const fn = new aws.lambda.Function(
      name,
      {
        name: args.functionName,
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(args.bundlePath),
        memorySize: 128,
        timeout: 10,
        environment: {
          variables: {
            [namedRegion]: args.namedRegion,
            [primaryRegion]: args.primaryRegion,
            [service]: args.service,
          },
        },
        tags: args.tags,
      },
      { parent: this, dependsOn: [policy, logs, ...args.after] },
    );
    this.schedule(name, args, fn);

    this.namedRegion = fn.environment.apply(
      (environment) => environment?.variables?.[namedRegion] ?? "",
    );
    this.registerOutputs({ namedRegion: this.namedRegion });
  }

  /** A role of its own: it may write its log and this one metric's namespace. */
  private identity(name: string, { functionName, service, region, tags }: SwitchFunctionArgs) {
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/lambda/${functionName}`, retentionInDays: 30, tags },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        // IAM is global: the name holds the Region.
        name: `${functionName}-${region}`,
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
        tags,
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      {
        name: "dns-switch",
        role: role.name,
        policy: logs.arn.apply((arn) => policyDocument(service, arn)),
      },
      { parent: this },
    );
    return { role, policy, logs };
  }

  private schedule(
    name: string,
    { functionName, tags }: SwitchFunctionArgs,
    fn: aws.lambda.Function,
  ): void {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-schedule`,
      {
        name: functionName,
        description: "Says which Region the database name leads to",
        scheduleExpression: "rate(1 minute)",
        tags,
      },
      { parent: this },
    );
    const permission = new aws.lambda.Permission(
      `${name}-schedule`,
      {
        statementId: "schedule",
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-schedule`,
      { rule: rule.name, targetId: "dns-switch", arn: fn.arn },
      { parent: this, dependsOn: [permission] },
    );
  }
}

const policyDocument = (service: string, logsArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        // The action knows no resource; the namespace is the only bound there is.
        Sid: "PublishSwitch",
        Effect: "Allow",
        Action: "cloudwatch:PutMetricData",
        Resource: "*",
        Condition: { StringEquals: { "cloudwatch:namespace": dnsSwitchNamespace(service) } },
      },
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${logsArn}:*`,
      },
    ],
  });
