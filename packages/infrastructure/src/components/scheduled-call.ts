import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface ScheduledCallArgs {
  readonly ruleName: string;
  /** For people, without a full stop. */
  readonly description: string;
  readonly everyMinutes: number;
  /** Names the leave that EventBridge gets in the function's own policy. */
  readonly statementId: string;
  readonly targetId: string;
  readonly functionName: pulumi.Input<string>;
  readonly functionArn: pulumi.Input<string>;
  /** What the function is asked. Default: EventBridge's own event. */
  readonly request?: object;
  readonly tags: Readonly<Record<string, string>>;
}

/** Calls a function again and again: the rule, EventBridge's leave to call, and the function as its target. */
export function scheduleCall(name: string, args: ScheduledCallArgs, parent: pulumi.Resource): void {
  const { everyMinutes, request } = args;
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      name: args.ruleName,
      description: args.description,
      scheduleExpression: everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)`,
      tags: args.tags,
    },
    { parent },
  );
  const permission = new aws.lambda.Permission(
    name,
    {
      statementId: args.statementId,
      action: "lambda:InvokeFunction",
      function: args.functionName,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      targetId: args.targetId,
      arn: args.functionArn,
      ...(request === undefined ? {} : { input: JSON.stringify(request) }),
    },
    // A call without the leave is dropped, and nobody is told.
    { parent, dependsOn: [permission] },
  );
}
