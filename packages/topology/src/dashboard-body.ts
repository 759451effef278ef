/*
 * The body of a CloudWatch dashboard, as far as the pair's need it: graphs, texts and the state of alarms on a grid of 24 columns.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */

/** The grid is so many columns wide. */
export const dashboardColumns = 24;

/** Bounds of CloudWatch: widgets of a dashboard, metrics of all its graphs, metrics of one graph. */
export const dashboardLimits = { widgets: 500, metrics: 2_500, metricsOfGraph: 500 } as const;

/** What a line is called, and, for an expression, what it is computed from. */
interface LineOptions {
  readonly label?: string;
  readonly id?: string;
  readonly expression?: string;
  readonly visible?: boolean;
  readonly region?: string;
}

/** Namespace, name, and pairs of dimension and value; or an expression alone. */
export type DashboardMetric =
  | readonly [...names: string[], options: LineOptions]
  | readonly [options: LineOptions];

export type Statistic = "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum" | "p99";

interface GraphProperties {
  readonly title: string;
  readonly view: "timeSeries";
  readonly region: string;
  readonly stat: Statistic;
  readonly period: number;
  readonly metrics: readonly DashboardMetric[];
  readonly yAxis: { readonly left: { readonly min: number; readonly max?: number } };
  readonly annotations?: {
    readonly horizontal: readonly { readonly label: string; readonly value: number }[];
  };
}

export type DashboardContent =
  | { readonly type: "metric"; readonly properties: GraphProperties }
  | { readonly type: "text"; readonly properties: { readonly markdown: string } }
  | {
      readonly type: "alarm";
      readonly properties: { readonly title: string; readonly alarms: readonly string[] };
    };

export type DashboardWidget = DashboardContent & {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly DashboardWidget[];
}

/** Widgets of one height beside each other, each as wide as its share of the row. */
export interface DashboardRow {
  readonly height: number;
  readonly widgets: readonly DashboardContent[];
  /** Columns of each widget. Default: all equally wide. */
  readonly widths?: readonly number[];
}

export interface Graph {
  readonly title: string;
  /** Whose metrics these are. */
  readonly region: string;
  readonly stat: Statistic;
  readonly metrics: readonly DashboardMetric[];
  readonly periodSeconds?: number;
  /** Of the axis. Default: 0. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** What a line is not to cross. */
  readonly bound?: { readonly label: string; readonly value: number } | undefined;
}

export const graph = (from: Graph): DashboardContent => ({
  type: "metric",
  properties: {
    title: from.title,
    view: "timeSeries",
    region: from.region,
    stat: from.stat,
    period: from.periodSeconds ?? 60,
    metrics: from.metrics,
    yAxis: {
      left: {
        min: from.minimum ?? 0,
        ...(from.maximum === undefined ? {} : { max: from.maximum }),
      },
    },
    ...(from.bound && { annotations: { horizontal: [from.bound] } }),
  },
});

export const text = (...lines: readonly string[]): DashboardContent => ({
  type: "text",
  properties: { markdown: lines.join("\n") },
});

/** Rows below each other: no widget lies on another one. */
export function dashboardBody(rows: readonly DashboardRow[]): DashboardBody {
  let y = 0;
  const widgets: DashboardWidget[] = [];
  for (const { height, widgets: contents, widths } of rows) {
    let x = 0;
    for (const [index, content] of contents.entries()) {
      const width = widths?.[index] ?? Math.floor(dashboardColumns / contents.length);
      widgets.push({ ...content, x, y, width, height });
      x += width;
    }
    y += height;
  }
  // A few hours: the state of now is what is looked for, with what led to it.
  return { start: "-PT3H", periodOverride: "inherit", widgets };
}
