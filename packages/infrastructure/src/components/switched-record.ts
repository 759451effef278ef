import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  dnsSwitchMetric,
  dnsSwitchNamespace,
  returnedAlarmName,
  switchedAlarmName,
} from "@standby/topology";
import { recordTimeouts } from "./record-timeouts.ts";

export interface SwitchedRecordArgs {
  readonly service: string;
  readonly primaryRegion: string;
  readonly recoveryRegion: string;
  readonly zoneId: string;
  /** The name that applications connect to. */
  readonly hostName: string;
  readonly ttlSeconds: number;
  readonly primaryAddress: pulumi.Input<string>;
  readonly recoveryAddress: pulumi.Input<string>;
  /** Both records name the recovery Region's database: nothing that the health check says moves the name. */
  readonly pinned: boolean;
  /** Which Region the flags ask for: leaving it rings. */
  readonly asked: "primary" | "recovery";
  readonly tags: Readonly<Record<string, string>>;
}

/** Of the switch's metric; a health check follows whole minutes of one standard-resolution metric and no more than that. */
const minute = {
  statistic: "Maximum",
  period: 60,
  evaluationPeriods: 1,
  treatMissingData: "missing",
};

/**
 * The name as two records, of which Route 53's name servers answer the primary Region's while a metric of the recovery Region says
 * so. A move changes neither: it needs no control plane of the primary Region. Everything here is made on the first day.
 */
export class SwitchedRecord extends pulumi.ComponentResource {
  readonly hostName: pulumi.Output<string>;
  /** Where what an alarm of the switch says is sent. */
  readonly topicArn: pulumi.Output<string>;
  /** What the switch must not overtake. */
  readonly before: readonly pulumi.Resource[];

  constructor(name: string, args: SwitchedRecordArgs, opts?: pulumi.ComponentResourceOptions) {
    super("standby:dns:SwitchedRecord", name, {}, opts);
    const topic = new aws.sns.Topic(
      `${name}-alarms`,
      { name: switchedAlarmName(args.service), tags: args.tags },
      { parent: this },
    );
    const switched = this.alarm(`${name}-switched`, args, topic, "primary");
    const returned = this.alarm(`${name}-returned`, args, topic, "recovery");
    const health = new aws.route53.HealthCheck(
      name,
      {
        type: "CLOUDWATCH_METRIC",
        cloudwatchAlarmName: switched.name,
        cloudwatchAlarmRegion: args.recoveryRegion,
        // Silence moves nothing: not the loss of the function, of its Region, or of its data.
        insufficientDataHealthStatus: "LastKnownStatus",
        tags: { ...args.tags, Name: args.hostName },
      },
      { parent: this, protect: true },
    );
    const { primaryAddress, recoveryAddress, pinned } = args;
    const primary = this.record(`${name}-primary`, args, {
      region: args.primaryRegion,
      type: "PRIMARY",
      address: pinned ? recoveryAddress : primaryAddress,
      healthCheckId: health.id,
    });
    this.record(`${name}-recovery`, args, {
      region: args.recoveryRegion,
      type: "SECONDARY",
      address: recoveryAddress,
    });

    this.hostName = primary.name;
    this.topicArn = topic.arn;
    this.before = [primary, switched, returned];
    this.registerOutputs({ hostName: this.hostName, topicArn: this.topicArn });
  }

  /**
   * Rings when the name leaves the Region that was asked for, and when nobody says any more where it belongs. The alarm of the other
   * Region says the opposite all the time, and tells nobody.
   */
  private alarm(
    name: string,
    { service, asked, tags }: SwitchedRecordArgs,
    topic: aws.sns.Topic,
    leaves: "primary" | "recovery",
  ): aws.cloudwatch.MetricAlarm {
    const { name: metricName, dimension } = dnsSwitchMetric;
    const leavesPrimary = leaves === "primary";
    return new aws.cloudwatch.MetricAlarm(
      name,
      {
        name: leavesPrimary ? switchedAlarmName(service) : returnedAlarmName(service),
        alarmDescription: leavesPrimary
          ? "The database name leads to the recovery Region"
          : "The database name leads to the primary Region",
        namespace: dnsSwitchNamespace(service),
        metricName,
        dimensions: { [dimension]: service },
        ...minute,
        ...(leavesPrimary
          ? { threshold: 1, comparisonOperator: "GreaterThanOrEqualToThreshold" }
          : { statistic: "Minimum", threshold: 1, comparisonOperator: "LessThanThreshold" }),
        actionsEnabled: asked === leaves,
        alarmActions: [topic.arn],
        insufficientDataActions: [topic.arn],
        tags,
      },
      { parent: this, protect: leavesPrimary },
    );
  }

  private record(
    name: string,
    { zoneId, hostName, ttlSeconds }: SwitchedRecordArgs,
    side: {
      readonly region: string;
      readonly type: "PRIMARY" | "SECONDARY";
      readonly address: pulumi.Input<string>;
      readonly healthCheckId?: pulumi.Input<string>;
    },
  ): aws.route53.Record {
    const { region, type, address, healthCheckId } = side;
    return new aws.route53.Record(
      name,
      {
        zoneId,
        name: hostName,
        type: "CNAME",
        ttl: ttlSeconds,
        records: [address],
        setIdentifier: region,
        failoverRoutingPolicies: [{ type }],
        ...(healthCheckId === undefined ? {} : { healthCheckId }),
      },
      { parent: this, protect: true, customTimeouts: recordTimeouts },
    );
  }
}
