import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ProbeRequest } from "@standby/topology";
import { RegionalFunction, type RegionalFunctionArgs } from "./regional-function.ts";

export interface RegionalProbeArgs extends Omit<RegionalFunctionArgs, "role"> {
  /** The function of the application, whose role and network place the probe shares: what it can do, the application can. */
  readonly application: RegionalFunction;
}

/** The probe of one Region, and the heartbeat that is asked of it every minute. */
export class RegionalProbe extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: RegionalProbeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:function:RegionalProbe", name, {}, opts);

    const { application, ...functionArgs } = args;
    const probe = new RegionalFunction(
      name,
      { ...functionArgs, role: { of: application } },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      `${name}-heartbeat`,
      {
        name: args.functionName,
        description: "The heartbeat of the database, and the record of its lag",
        scheduleExpression: "rate(1 minute)",
        tags: args.tags,
      },
      { parent: this },
    );
    const permission = new aws.lambda.Permission(
      `${name}-heartbeat`,
      {
        statementId: "heartbeat",
        action: "lambda:InvokeFunction",
        function: probe.functionName,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      { parent: this },
    );
    const request: ProbeRequest = { ask: "heartbeat" };
    new aws.cloudwatch.EventTarget(
      `${name}-heartbeat`,
      {
        rule: rule.name,
        targetId: "probe",
        arn: probe.functionArn,
        input: JSON.stringify(request),
      },
      { parent: this, dependsOn: [permission] },
    );

    this.functionName = probe.functionName;
    this.registerOutputs({ functionName: this.functionName });
  }
}
