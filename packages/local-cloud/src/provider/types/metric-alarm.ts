import {
  type ComparisonOperator,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type StandardUnit,
  type Statistic,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { during } from "../aws-call-error.ts";
import {
  flag,
  maps,
  number,
  type PropertyMap,
  requiredText,
  text,
  textMap,
  texts,
} from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";
import { tagChanges, tagList, tagMap } from "../tag-changes.ts";

/** Metric math and percentiles are sent as they are asked for: CloudWatch says that they are not modelled. */
const put = (name: string, properties: PropertyMap, scope: Scope) =>
  scope.aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmDescription: text(properties, "alarmDescription"),
      ActionsEnabled: flag(properties, "actionsEnabled") ?? true,
      AlarmActions: texts(properties, "alarmActions"),
      OKActions: texts(properties, "okActions"),
      InsufficientDataActions: texts(properties, "insufficientDataActions"),
      MetricName: text(properties, "metricName"),
      Namespace: text(properties, "namespace"),
      Dimensions: Object.entries(textMap(properties, "dimensions")).map(([Name, Value]) => ({
        Name,
        Value,
      })),
      Statistic: text(properties, "statistic") as Statistic | undefined,
      ExtendedStatistic: text(properties, "extendedStatistic"),
      Metrics: maps(properties, "metricQueries").length === 0 ? undefined : [],
      Period: number(properties, "period"),
      Unit: text(properties, "unit") as StandardUnit | undefined,
      EvaluationPeriods: number(properties, "evaluationPeriods"),
      DatapointsToAlarm: number(properties, "datapointsToAlarm"),
      Threshold: number(properties, "threshold"),
      ThresholdMetricId: text(properties, "thresholdMetricId"),
      ComparisonOperator: text(properties, "comparisonOperator") as ComparisonOperator | undefined,
      TreatMissingData: text(properties, "treatMissingData") ?? "missing",
      Tags: tagList(textMap(properties, "tagsAll")),
    }),
    { abortSignal: scope.signal },
  );

const stateOf = (alarm: MetricAlarm): PropertyMap => ({
  actionsEnabled: alarm.ActionsEnabled ?? true,
  alarmActions: alarm.AlarmActions ?? [],
  alarmDescription: alarm.AlarmDescription ?? "",
  arn: alarm.AlarmArn ?? "",
  comparisonOperator: alarm.ComparisonOperator ?? "",
  datapointsToAlarm: alarm.DatapointsToAlarm ?? 0,
  dimensions: Object.fromEntries(
    (alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
  ),
  evaluationPeriods: alarm.EvaluationPeriods ?? 0,
  insufficientDataActions: alarm.InsufficientDataActions ?? [],
  metricName: alarm.MetricName ?? "",
  name: alarm.AlarmName ?? "",
  namespace: alarm.Namespace ?? "",
  okActions: alarm.OKActions ?? [],
  period: alarm.Period ?? 0,
  statistic: alarm.Statistic ?? "",
  threshold: alarm.Threshold ?? 0,
  treatMissingData: alarm.TreatMissingData ?? "missing",
  unit: alarm.Unit ?? "",
});

const changeTags = async (
  state: PropertyMap,
  planned: PropertyMap,
  scope: Scope,
): Promise<void> => {
  const { removed, put: wanted } = tagChanges(
    textMap(state, "tagsAll"),
    textMap(planned, "tagsAll"),
  );
  const ResourceARN = requiredText(state, "arn");
  const options = { abortSignal: scope.signal };
  if (removed.length > 0)
    await scope.aws.cloudwatch.send(
      new UntagResourceCommand({ ResourceARN, TagKeys: removed }),
      options,
    );
  if (wanted.length > 0)
    await scope.aws.cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: wanted }), options);
};

export const metricAlarm: ResourceHandler = {
  async create(inputs, scope, created) {
    const name = requiredText(inputs, "name");
    try {
      await put(name, inputs, scope);
    } catch (error) {
      throw during(`creating CloudWatch Metric Alarm (${name})`, error);
    }
    created(name);
  },

  async read(id, _state, scope) {
    const options = { abortSignal: scope.signal };
    try {
      const { MetricAlarms } = await scope.aws.cloudwatch.send(
        new DescribeAlarmsCommand({ AlarmNames: [id] }),
        options,
      );
      const [alarm] = MetricAlarms ?? [];
      if (!alarm) return undefined;
      const { Tags } = await scope.aws.cloudwatch.send(
        new ListTagsForResourceCommand({ ResourceARN: alarm.AlarmArn }),
        options,
      );
      return { ...stateOf(alarm), tags: tagMap(Tags) };
    } catch (error) {
      throw during(`reading CloudWatch Metric Alarm (${id})`, error);
    }
  },

  async update({ id, state, planned, changed }, scope) {
    try {
      if (changed.has("tagsAll")) await changeTags(state, planned, scope);
      if ([...changed].some((name) => name !== "tags" && name !== "tagsAll"))
        await put(id, planned, scope);
    } catch (error) {
      throw during(`updating CloudWatch Metric Alarm (${id})`, error);
    }
  },

  /** One that is gone already is refused by CloudWatch, and the provider looks first. */
  async delete(id, state, scope) {
    try {
      if (!(await metricAlarm.read(id, state, scope))) return;
      await scope.aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] }), {
        abortSignal: scope.signal,
      });
    } catch (error) {
      throw during(`deleting CloudWatch Metric Alarm (${id})`, error);
    }
  },
};
