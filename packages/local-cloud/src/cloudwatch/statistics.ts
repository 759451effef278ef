import type { Datapoint } from "./metric-store.ts";

const compute = {
  Average: (values: readonly number[]) => sum(values) / values.length,
  Maximum: (values: readonly number[]) => Math.max(...values),
  Minimum: (values: readonly number[]) => Math.min(...values),
  SampleCount: (values: readonly number[]) => values.length,
  Sum: (values: readonly number[]) => sum(values),
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export type Statistic = keyof typeof compute;

export const isStatistic = (name: string | undefined): name is Statistic =>
  name !== undefined && Object.hasOwn(compute, name);

/** One value of a period; undefined when nothing was published for it. */
export function statisticOf(
  statistic: Statistic,
  datapoints: readonly Datapoint[],
  period: { readonly start: number; readonly end: number },
): number | undefined {
  const values = datapoints
    .filter(({ at }) => at >= period.start && at < period.end)
    .map(({ value }) => value);
  return values.length === 0 ? undefined : compute[statistic](values);
}
