import type { PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../service.ts";
import {
  type AlarmRule,
  isComparison,
  type MissingData,
  missingDataTreatments,
} from "./alarm-evaluation.ts";
import { dimensionsOf } from "./dimensions.ts";
import { isStatistic } from "./statistics.ts";

const notModelled = (what: string): AwsError =>
  new AwsError("NotModelled", `NotModelled: CloudWatch.PutMetricAlarm with ${what}`, 501);

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** Other ways of saying what rings: none of them is modelled, so none is taken. */
const unmodelled = [
  "EvaluateLowSampleCountPercentile",
  "EvaluationCriteria",
  "ExtendedStatistic",
  "Metrics",
  "ThresholdMetricId",
] as const;

const isMissingData = (value: string): value is MissingData =>
  missingDataTreatments.some((each) => each === value);

function countOf(name: string, value: number | undefined): number {
  if (value !== undefined && Number.isInteger(value) && value >= 1) return value;
  throw invalid(`The parameter ${name} must be a whole number from 1.`);
}

/** Standard resolution only: a period is a number of whole minutes. */
function periodOf(seconds: number | undefined): number {
  if (seconds === 10 || seconds === 20 || seconds === 30) throw notModelled(`Period ${seconds}`);
  if (seconds === undefined || seconds < 60 || seconds % 60 !== 0)
    throw invalid("Period must be 10, 20, 30 or a multiple of 60.");
  return seconds;
}

/**
 * The rule that a request states.
 *
 * @throws {AwsError} `ValidationException` for what AWS refuses, `NotModelled` for metric math, percentiles and short periods
 */
export function ruleOf(input: PutMetricAlarmInput): AlarmRule {
  const found = unmodelled.find((name) => input[name] !== undefined);
  if (found !== undefined) throw notModelled(found);
  const { Namespace, MetricName, Statistic, ComparisonOperator, Threshold } = input;
  const missingData = input.TreatMissingData ?? "missing";
  if (!Namespace || !MetricName)
    throw invalid("The parameters Namespace and MetricName are required.");
  if (!isStatistic(Statistic)) throw invalid("The parameter Statistic is not valid.");
  if (!isComparison(ComparisonOperator))
    throw notModelled(`ComparisonOperator ${ComparisonOperator}`);
  if (Threshold === undefined) throw invalid("The parameter Threshold is required.");
  if (!isMissingData(missingData)) throw invalid("The parameter TreatMissingData is not valid.");
  const evaluationPeriods = countOf("EvaluationPeriods", input.EvaluationPeriods);
  const datapointsToAlarm = countOf(
    "DatapointsToAlarm",
    input.DatapointsToAlarm ?? evaluationPeriods,
  );
  if (datapointsToAlarm > evaluationPeriods)
    throw invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
  return {
    metric: {
      namespace: Namespace,
      name: MetricName,
      dimensions: dimensionsOf(input.Dimensions),
    },
    statistic: Statistic,
    periodSeconds: periodOf(input.Period),
    evaluationPeriods,
    datapointsToAlarm,
    comparison: ComparisonOperator,
    threshold: Threshold,
    missingData,
  };
}
