import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type DeployedPair,
  lookEveryMinutes,
  type MonitorRequest,
  monitoredPairVariable,
  monitorFunctionName,
  monitorRoleName,
  preflightEveryMinutes,
} from "@standby/topology";
import { monitorStatements } from "../monitor-statements.ts";
import { ownIdentity } from "./function-identity.ts";
import { scheduleCall } from "./scheduled-call.ts";

export interface PairMonitorArgs {
  readonly service: string;
  /** The function's own Region. */
  readonly region: string;
  readonly pair: pulumi.Input<DeployedPair>;
  readonly bucketArn: pulumi.Input<string>;
  /** Folder with `index.mjs`, relative to the program. */
  readonly bundlePath: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The function that looks at the pair every minute and runs the preflight every 30, outside every VPC, by AWS's APIs and the probes. It
 * changes nothing but its metrics.
 */
export class PairMonitor extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: PairMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:monitoring:PairMonitor", name, {}, opts);
    const { service, region, tags } = args;
    const functionName = monitorFunctionName(service);
    const { role, policy, logs } = ownIdentity(
      name,
      {
        functionName,
        roleName: monitorRoleName(service, region),
        policyName: "monitor",
        statements: pulumi
          .all([args.pair, args.bucketArn])
          .apply(([pair, bucketArn]) => monitorStatements(pair, bucketArn)),
        tags,
      },
      this,
    );
    const fn = new aws.lambda.Function(
      name,
      {
        name: functionName,
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(args.bundlePath),
        // The clients of six services, and processor time in proportion.
        memorySize: 512,
        timeout: 30,
        environment: {
          variables: {
            [monitoredPairVariable]: pulumi.output(args.pair).apply((pair) => JSON.stringify(pair)),
          },
        },
        tags,
      },
      { parent: this, dependsOn: [policy, logs] },
    );
    const schedules: readonly [MonitorRequest["ask"], number, string][] = [
      ["look", lookEveryMinutes, "Looks at the pair"],
      ["preflight", preflightEveryMinutes, "Asks whether a failover would work"],
    ];
    for (const [ask, everyMinutes, description] of schedules)
      scheduleCall(
        `${name}-${ask}`,
        {
          ruleName: `${functionName}-${ask}`,
          description,
          everyMinutes,
          statementId: ask,
          targetId: "monitor",
          functionName: fn.name,
          functionArn: fn.arn,
          request: { ask },
          tags,
        },
        this,
      );

    this.functionName = fn.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}
