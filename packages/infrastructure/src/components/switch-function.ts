import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { dnsSwitchEnvironment, dnsSwitchNamespace } from "@standby/topology";
import { ownIdentity } from "./function-identity.ts";
import { scheduleCall } from "./scheduled-call.ts";

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
    const { functionName, region, tags } = args;
    const { role, policy, logs } = ownIdentity(
      name,
      {
        functionName,
        roleName: `${functionName}-${region}`,
        policyName: "dns-switch",
        statements: statements(args.service),
        tags,
      },
      this,
    );
    const { namedRegion, primaryRegion, service } = dnsSwitchEnvironment;
    const fn = new aws.lambda.Function(
      name,
      {
        name: functionName,
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
        tags,
      },
      { parent: this, dependsOn: [policy, logs, ...args.after] },
    );
    scheduleCall(
      `${name}-schedule`,
      {
        ruleName: functionName,
        description: "Says which Region the database name leads to",
        everyMinutes: 1,
        statementId: "schedule",
        targetId: "dns-switch",
        functionName: fn.name,
        functionArn: fn.arn,
        tags,
      },
      this,
    );

    this.namedRegion = fn.environment.apply(
      (environment) => environment?.variables?.[namedRegion] ?? "",
    );
    this.registerOutputs({ namedRegion: this.namedRegion });
  }
}

/** It may write this one metric's namespace. */
const statements = (service: string): readonly object[] => [
  {
    // The action knows no resource; the namespace is the only bound there is.
    Sid: "PublishSwitch",
    Effect: "Allow",
    Action: "cloudwatch:PutMetricData",
    Resource: "*",
    Condition: { StringEquals: { "cloudwatch:namespace": dnsSwitchNamespace(service) } },
  },
];
