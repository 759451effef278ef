import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type AlarmCode,
  alarmName,
  alarmRules,
  alarmTopicName,
  monitorMetricOf,
  monitorMetrics,
  nativeAlarms,
  watchedFindings,
} from "@standby/topology";

export interface RecoveryAlarmsArgs {
  readonly service: string;
  /** Of the Region's database, whatever role it is in. */
  readonly databaseIdentifier: pulumi.Input<string>;
  /** Of the application. */
  readonly functionName: pulumi.Input<string>;
  readonly lowStorageBytes: number;
  readonly manyConnections: number;
  /** Who is told by e-mail. Default: nobody but the topic. */
  readonly email?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What an alarm compares, in CloudWatch's own terms. */
interface Watched {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Maximum" | "Minimum" | "SampleCount" | "Sum";
  readonly comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
}

/**
 * The alarms of the pair, one a finding and named after it. They stand in the recovery Region, because the primary one may be lost, and
 * watch what the monitor sees, whichever Region is active: nothing rings because a failover was made.
 */
export class RecoveryAlarms extends pulumi.ComponentResource {
  /** What every alarm tells. */
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: RecoveryAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:monitoring:RecoveryAlarms", name, {}, opts);
    const topic = new aws.sns.Topic(
      name,
      { name: alarmTopicName(args.service), tags: args.tags },
      { parent: this },
    );
    if (args.email !== undefined)
      new aws.sns.TopicSubscription(
        `${name}-email`,
        { topic: topic.arn, protocol: "email", endpoint: args.email },
        { parent: this },
      );
    for (const code of [...watchedFindings, ...nativeAlarms]) this.alarm(name, code, args, topic);

    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }

  private alarm(
    name: string,
    code: AlarmCode,
    args: RecoveryAlarmsArgs,
    topic: aws.sns.Topic,
  ): void {
    const { periodSeconds, periods, badPeriods, missingData } = alarmRules[code];
    new aws.cloudwatch.MetricAlarm(
      `${name}-${code}`,
      {
        name: alarmName(args.service, code),
        alarmDescription: `Standby finding ${code}: see docs/runbook.md#${code}`,
        ...watched(code, args),
        period: periodSeconds,
        evaluationPeriods: periods,
        datapointsToAlarm: badPeriods,
        treatMissingData: missingData,
        alarmActions: [topic.arn],
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

function watched(code: AlarmCode, args: RecoveryAlarmsArgs): Watched {
  const { databaseIdentifier, functionName } = args;
  switch (code) {
    case "storage-low":
      return {
        ...ofDatabase("FreeStorageSpace", databaseIdentifier),
        statistic: "Minimum",
        comparisonOperator: "LessThanThreshold",
        threshold: args.lowStorageBytes,
      };
    case "connections-high":
      return {
        ...ofDatabase("DatabaseConnections", databaseIdentifier),
        statistic: "Maximum",
        ...atLeast(args.manyConnections),
      };
    case "functions-failing":
      return {
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: functionName },
        statistic: "Sum",
        ...atLeast(1),
      };
    default:
      return ofMonitor(code, args.service);
  }
}

const atLeast = (threshold: number) =>
  ({ comparisonOperator: "GreaterThanOrEqualToThreshold", threshold }) as const;

const ofDatabase = (metricName: string, identifier: pulumi.Input<string>) => ({
  namespace: "AWS/RDS",
  metricName,
  dimensions: { DBInstanceIdentifier: identifier },
});

/** A finding is published as 1 while it holds; silence is that no value was published at all. */
function ofMonitor(code: AlarmCode, service: string): Watched {
  const metricName = monitorMetricOf(code) ?? code;
  const { namespace, dimension } = monitorMetrics;
  const metric = { namespace, metricName, dimensions: { [dimension]: service } };
  return metricName === code
    ? { ...metric, statistic: "Maximum", ...atLeast(1) }
    : {
        ...metric,
        statistic: "SampleCount",
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
      };
}
