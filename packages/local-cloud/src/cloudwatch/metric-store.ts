import { PerRegion } from "../per-region.ts";

/** What names a metric: its namespace, its name, and every one of its dimensions. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface Datapoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

interface Metric extends MetricIdentity {
  readonly datapoints: Datapoint[];
}

const mostDatapoints = 5_000;

const metricKey = ({ namespace, name, dimensions }: MetricIdentity): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);

/** The metrics of every Region. Other services publish here what AWS publishes of them. */
export class MetricStore {
  readonly #regions = new PerRegion<Map<string, Metric>>(() => new Map());

  put(region: string, identity: MetricIdentity, datapoint: Datapoint): void {
    const metrics = this.#regions.in(region);
    const key = metricKey(identity);
    const metric = metrics.get(key) ?? { ...identity, datapoints: [] };
    metrics.set(key, metric);
    metric.datapoints.push(datapoint);
    if (metric.datapoints.length > mostDatapoints) metric.datapoints.shift();
  }

  /** In the order in which they came, which need not be that of their times. */
  datapoints(region: string, identity: MetricIdentity): readonly Datapoint[] {
    return this.#regions.in(region).get(metricKey(identity))?.datapoints ?? [];
  }

  all(region: string): readonly MetricIdentity[] {
    return [...this.#regions.in(region).values()];
  }
}
