import type {
  Datapoint as DatapointView,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  ListMetricsInput,
  ListMetricsOutput,
  MetricDatum,
  PutMetricDataInput,
} from "@aws-sdk/client-cloudwatch";
import type { Dials } from "../dials.ts";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { dimensionList, dimensionsOf } from "./dimensions.ts";
import type { Datapoint, MetricIdentity, MetricStore } from "./metric-store.ts";
import { isStatistic, statisticOf } from "./statistics.ts";

const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message);

/** `StatisticValues` and `Counts` are other ways of sending many values at once. */
function valuesOf(datum: MetricDatum): readonly number[] {
  if (datum.StatisticValues !== undefined || datum.Counts !== undefined)
    throw new AwsError("NotModelled", "NotModelled: CloudWatch.PutMetricData with sets", 501);
  if (datum.StorageResolution === 1)
    throw new AwsError("NotModelled", "NotModelled: CloudWatch high-resolution metrics", 501);
  const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
  if (values.length === 0) throw invalid("At least one of Value and Values must be specified.");
  return values;
}

const identityOf = (namespace: string, datum: MetricDatum): MetricIdentity => ({
  namespace,
  name: datum.MetricName ?? "",
  dimensions: dimensionsOf(datum.Dimensions),
});

function put(store: MetricStore, region: string, input: PutMetricDataInput): void {
  if (input.Namespace?.startsWith("AWS/"))
    throw invalid("The value AWS/ for parameter Namespace is invalid.");
  const data = (input.MetricData ?? []).map((datum) => ({ datum, values: valuesOf(datum) }));
  for (const { datum, values } of data)
    for (const value of values)
      store.put(region, identityOf(input.Namespace ?? "", datum), {
        at: datum.Timestamp?.getTime() ?? Date.now(),
        value,
      });
}

/** Whole periods from the first that begins in the asked time. */
function statistics(
  input: GetMetricStatisticsInput,
  datapoints: readonly Datapoint[],
  periodMilliseconds: number,
): DatapointView[] {
  const wanted = (input.Statistics ?? []).filter(isStatistic);
  const end = input.EndTime?.getTime() ?? 0;
  const views: DatapointView[] = [];
  const first = Math.floor((input.StartTime?.getTime() ?? 0) / periodMilliseconds);
  for (let start = first * periodMilliseconds; start < end; start += periodMilliseconds) {
    const period = { start, end: start + periodMilliseconds };
    const values = wanted.map((name) => [name, statisticOf(name, datapoints, period)] as const);
    if (values.some(([, value]) => value !== undefined))
      views.push({ Timestamp: new Date(start), ...Object.fromEntries(values) });
  }
  return views;
}

const mostPeriods = 1_440;

export const metricOperations = (
  store: MetricStore,
  dials: Dials,
): Readonly<Record<string, Operation>> => ({
  PutMetricData: operation<PutMetricDataInput, object>((input, { region }) => {
    put(store, region, input);
    return {};
  }),

  GetMetricStatistics: operation<GetMetricStatisticsInput, GetMetricStatisticsOutput>(
    (input, { region }) => {
      const periodMilliseconds = ((input.Period ?? 60) / 60) * dials.scheduleMinuteSeconds * 1000;
      const asked = (input.EndTime?.getTime() ?? 0) - (input.StartTime?.getTime() ?? 0);
      if (!(asked > 0)) throw invalid("The parameter StartTime must be less than EndTime.");
      if (asked / periodMilliseconds > mostPeriods)
        throw invalid(`You have requested more than ${mostPeriods} datapoints.`);
      const identity = {
        namespace: input.Namespace ?? "",
        name: input.MetricName ?? "",
        dimensions: dimensionsOf(input.Dimensions),
      };
      const datapoints = store.datapoints(region, identity);
      return {
        Label: identity.name,
        Datapoints: statistics(input, datapoints, periodMilliseconds),
      };
    },
  ),

  ListMetrics: operation<ListMetricsInput, ListMetricsOutput>((input, { region }) => ({
    Metrics: store
      .all(region)
      .filter(({ namespace }) => input.Namespace === undefined || namespace === input.Namespace)
      .filter(({ name }) => input.MetricName === undefined || name === input.MetricName)
      .map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensionList(dimensions),
      })),
  })),
});
