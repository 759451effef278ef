import { accountId } from "../account.ts";
import type { Background } from "../background.ts";
import type { FunctionUse } from "../function-use.ts";
import type { Notifications } from "../notifications.ts";
import type { AlarmState } from "./alarm-evaluation.ts";
import type { Alarm } from "./alarm-store.ts";

const callSeconds = 60;

const changeOf = (alarm: Alarm, before: AlarmState) => ({
  AlarmName: alarm.name,
  AlarmDescription: alarm.description ?? null,
  AWSAccountId: accountId,
  NewStateValue: alarm.state,
  NewStateReason: alarm.stateReason,
  StateChangeTime: alarm.stateSince.toISOString(),
  Region: alarm.region,
  AlarmArn: alarm.arn,
  OldStateValue: before,
  Trigger: {
    MetricName: alarm.rule.metric.name,
    Namespace: alarm.rule.metric.namespace,
    Statistic: alarm.rule.statistic.toUpperCase(),
    Dimensions: Object.entries(alarm.rule.metric.dimensions).map(([name, value]) => ({
      name,
      value,
    })),
    Period: alarm.rule.periodSeconds,
    EvaluationPeriods: alarm.rule.evaluationPeriods,
    DatapointsToAlarm: alarm.rule.datapointsToAlarm,
    ComparisonOperator: alarm.rule.comparison,
    Threshold: alarm.rule.threshold,
    TreatMissingData: alarm.rule.missingData,
  },
});

const serviceOf = (arn: string): string | undefined => arn.split(":")[2];

interface Parts {
  readonly notifications: Notifications;
  readonly functions: () => FunctionUse;
  readonly background: Background;
}

/** Whom an alarm tells: topics, whose messages are kept, and functions, which are called. */
export class AlarmActionTargets {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  tell(alarm: Alarm, before: AlarmState): void {
    for (const arn of alarm.actions.on[alarm.state]) {
      const isDone = this.#tell(alarm, before, arn);
      alarm.history.push({
        at: new Date(),
        type: "Action",
        summary: `${isDone ? "Successfully executed" : "Failed to execute"} action ${arn}`,
      });
    }
  }

  /** CloudWatch tells topics and functions of the alarm's own Region only. */
  #tell(alarm: Alarm, before: AlarmState, arn: string): boolean {
    if (arn.split(":")[3] !== alarm.region) return false;
    if (serviceOf(arn) === "sns") {
      this.#parts.notifications.send({
        region: alarm.region,
        topicArn: arn,
        subject: `${alarm.state}: "${alarm.name}" in ${alarm.region}`,
        message: JSON.stringify(changeOf(alarm, before)),
      });
      return true;
    }
    return serviceOf(arn) === "lambda" && this.#call(alarm, before, arn);
  }

  #call(alarm: Alarm, before: AlarmState, functionArn: string): boolean {
    const { background } = this.#parts;
    const functions = this.#parts.functions();
    const { region, arn: sourceArn } = alarm;
    const service = "lambda.alarms.cloudwatch.amazonaws.com";
    if (!functions.permits({ region, functionArn, sourceArn, service })) return false;
    const event = {
      source: "aws.cloudwatch",
      alarmArn: sourceArn,
      accountId,
      time: alarm.stateSince.toISOString(),
      region,
      alarmData: {
        alarmName: alarm.name,
        state: { value: alarm.state, reason: alarm.stateReason },
        previousState: { value: before },
      },
    };
    background.start(async () => {
      const late = AbortSignal.timeout(callSeconds * 1000);
      // The call is asynchronous on AWS: what became of it is the function's own affair.
      await functions.call(region, functionArn, event, late).catch(() => {});
    });
    return true;
  }
}
