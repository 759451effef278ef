import type {
  DeleteAlarmsInput,
  DescribeAlarmHistoryInput,
  DescribeAlarmHistoryOutput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  DisableAlarmActionsInput,
  MetricAlarm,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from "@aws-sdk/client-cloudwatch";
import { operation } from "../operation.ts";
import { pageOf } from "../page.ts";
import { AwsError, type Operation } from "../service.ts";
import { tagMapOf } from "../tag-map.ts";
import { ruleOf } from "./alarm-rule.ts";
import { type Alarm, type AlarmActions, type AlarmStore, alarmArn } from "./alarm-store.ts";
import type { AlarmWatch } from "./alarm-watch.ts";
import { dimensionList } from "./dimensions.ts";

const mostRecords = 100;

const pageLimit = (input: DescribeAlarmsInput | DescribeAlarmHistoryInput) => ({
  limit: input.MaxRecords ?? mostRecords,
  token: input.NextToken,
  invalidToken: () => new AwsError("InvalidNextToken", "The next token is not valid."),
});

const view = (alarm: Alarm): MetricAlarm => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmDescription: alarm.description,
  AlarmConfigurationUpdatedTimestamp: alarm.configuredAt,
  ActionsEnabled: alarm.actions.isEnabled,
  OKActions: [...alarm.actions.on.OK],
  AlarmActions: [...alarm.actions.on.ALARM],
  InsufficientDataActions: [...alarm.actions.on.INSUFFICIENT_DATA],
  StateValue: alarm.state,
  StateReason: alarm.stateReason,
  StateUpdatedTimestamp: alarm.stateSince,
  MetricName: alarm.rule.metric.name,
  Namespace: alarm.rule.metric.namespace,
  Dimensions: dimensionList(alarm.rule.metric.dimensions),
  Statistic: alarm.rule.statistic,
  Period: alarm.rule.periodSeconds,
  EvaluationPeriods: alarm.rule.evaluationPeriods,
  DatapointsToAlarm: alarm.statedDatapointsToAlarm,
  Threshold: alarm.rule.threshold,
  ComparisonOperator: alarm.rule.comparison,
  TreatMissingData: alarm.rule.missingData,
  Unit: alarm.unit as MetricAlarm["Unit"],
});

const actionsOf = (input: PutMetricAlarmInput): AlarmActions => ({
  isEnabled: input.ActionsEnabled ?? true,
  on: {
    OK: input.OKActions ?? [],
    ALARM: input.AlarmActions ?? [],
    INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
  },
});

/** A changed alarm keeps its state until it is evaluated; a new one has no data yet. Its tags are only set when it is made. */
function put(store: AlarmStore, region: string, input: PutMetricAlarmInput): void {
  const name = input.AlarmName ?? "";
  const known = store.in(region).get(name);
  const configured = {
    description: input.AlarmDescription,
    unit: input.Unit,
    rule: ruleOf(input),
    statedDatapointsToAlarm: input.DatapointsToAlarm,
    actions: actionsOf(input),
    configuredAt: new Date(),
  };
  const alarm: Alarm = known ?? {
    ...configured,
    region,
    name,
    arn: alarmArn(region, name),
    tags: tagMapOf(input.Tags),
    history: [],
    state: "INSUFFICIENT_DATA",
    stateReason: "Unchecked: Initial alarm creation",
    stateSince: new Date(),
  };
  Object.assign(alarm, configured);
  const summary = `Alarm "${name}" ${known ? "updated" : "created"}`;
  alarm.history.push({ at: alarm.configuredAt, type: "ConfigurationUpdate", summary });
  store.in(region).set(name, alarm);
}

function found(store: AlarmStore, region: string, input: DescribeAlarmsInput): readonly Alarm[] {
  const { AlarmNames: names, AlarmNamePrefix: prefix, StateValue: state } = input;
  if (names !== undefined && prefix !== undefined)
    throw new AwsError("ValidationException", "AlarmNames and AlarmNamePrefix exclude each other.");
  return [...store.in(region).values()]
    .filter(({ name }) => names === undefined || names.includes(name))
    .filter(({ name }) => prefix === undefined || name.startsWith(prefix))
    .filter((alarm) => state === undefined || alarm.state === state)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

const notFound = (name: string): AwsError =>
  new AwsError("ResourceNotFound", `Unable to find an alarm with the name ${name}`, 404);

const switchActions = (store: AlarmStore, isEnabled: boolean): Operation =>
  operation<DisableAlarmActionsInput, object>(({ AlarmNames }, { region }) => {
    for (const name of AlarmNames ?? []) {
      const alarm = store.in(region).get(name);
      if (alarm) alarm.actions = { ...alarm.actions, isEnabled };
    }
    return {};
  });

export const alarmOperations = (
  store: AlarmStore,
  watch: AlarmWatch,
): Readonly<Record<string, Operation>> => ({
  PutMetricAlarm: operation<PutMetricAlarmInput, object>((input, { region }) => {
    put(store, region, input);
    return {};
  }),

  DescribeAlarms: operation<DescribeAlarmsInput, DescribeAlarmsOutput>((input, { region }) => {
    const page = pageOf(found(store, region, input), pageLimit(input));
    return { MetricAlarms: page.items.map(view), CompositeAlarms: [], NextToken: page.nextToken };
  }),

  DescribeAlarmHistory: operation<DescribeAlarmHistoryInput, DescribeAlarmHistoryOutput>(
    (input, { region }) => {
      const items = [...store.in(region).values()]
        .filter(({ name }) => input.AlarmName === undefined || name === input.AlarmName)
        .flatMap(({ name, history }) => history.map((item) => ({ name, ...item })))
        .filter(({ type }) => input.HistoryItemType === undefined || type === input.HistoryItemType)
        .sort((one, other) => other.at.getTime() - one.at.getTime());
      const page = pageOf(items, pageLimit(input));
      return {
        AlarmHistoryItems: page.items.map(({ name, at, type, summary }) => ({
          AlarmName: name,
          AlarmType: "MetricAlarm",
          Timestamp: at,
          HistoryItemType: type,
          HistorySummary: summary,
        })),
        NextToken: page.nextToken,
      };
    },
  ),

  // One name that is not there refuses the whole request.
  DeleteAlarms: operation<DeleteAlarmsInput, object>(({ AlarmNames = [] }, { region }) => {
    const missing = AlarmNames.find((name) => !store.in(region).has(name));
    if (missing !== undefined) throw notFound(missing);
    for (const name of AlarmNames) store.in(region).delete(name);
    return {};
  }),

  /** For a rehearsal of the actions: the next evaluation brings the state back that the data give. */
  SetAlarmState: operation<SetAlarmStateInput, object>((input, { region }) => {
    const alarm = store.in(region).get(input.AlarmName ?? "");
    if (!alarm) throw notFound(input.AlarmName ?? "");
    watch.enter(alarm, input.StateValue ?? "INSUFFICIENT_DATA", input.StateReason ?? "");
    return {};
  }),

  EnableAlarmActions: switchActions(store, true),
  DisableAlarmActions: switchActions(store, false),
});
