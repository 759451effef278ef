import { LineChart } from "echarts/charts";
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  TitleComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Band, DrillSeries } from "./report-series.ts";

use([GridComponent, LegendComponent, LineChart, MarkAreaComponent, SVGRenderer, TitleComponent]);

const width = 1120;
/** Text is measured without a font here, and drawn with one that may be wider: room is left for that. */
const left = 300;
const labelWidth = 200;
const legendWidth = 150;
/** A phase of a moment is still to be seen. */
const leastShare = 1 / 400;
const right = 24;
/** Top and height of each picture. */
const pictures = {
  writes: { top: 74, height: 190 },
  failures: { top: 312, height: 90 },
  lags: { top: 450, height: 70 },
  answers: { top: 568, height: 90 },
  phases: { top: 706 },
} as const;
const phaseHeight = 20;
const colours = ["#2563eb", "#d97706", "#0d9488", "#9333ea", "#64748b", "#be123c"];
const faultColour = "rgba(220, 38, 38, 0.13)";
const phaseColour = "#94a3b8";

const markFaults = (faults: readonly Band[], named: boolean) => ({
  silent: true,
  itemStyle: { color: faultColour },
  label: { show: named, color: "#b91c1c", position: "insideTop" as const, fontSize: 11 },
  data: faults.map(
    ({ name, from, to }) =>
      [{ name, xAxis: from }, { xAxis: to }] as [
        { name: string; xAxis: number },
        { xAxis: number },
      ],
  ),
});

/** One picture in five parts over one time: writes by database, failed writes, lag, what the name answered, what was done. */
export function drillChart(series: DrillSeries): string {
  const height = pictures.phases.top + Math.max(1, series.phases.length) * phaseHeight + 56;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(optionOf(series, height));
    return chart.renderToSVGString({ useViewBox: true });
  } finally {
    chart.dispose();
  }
}

function optionOf(series: DrillSeries, height: number) {
  const { seconds, faults, phases } = series;
  const targets = [...new Set(series.answers.map(([, target]) => target))];
  const { top } = pictures.phases;
  const places = [
    pictures.writes,
    pictures.failures,
    pictures.lags,
    pictures.answers,
    { top, height: height - top - 56 },
  ];
  const title = (text: string, place: { readonly top: number }) => ({
    text,
    left: 12,
    top: place.top - 26,
    textStyle: { fontSize: 13, color: "#0f172a" },
  });
  return {
    animation: false,
    color: colours,
    textStyle: { fontFamily: "system-ui, sans-serif" },
    title: [
      title("Acknowledged writes a second, by database", pictures.writes),
      title("Failed writes a second", pictures.failures),
      title("Seconds that a replica was behind", pictures.lags),
      title("What the name answered", pictures.answers),
      title("What was done", pictures.phases),
    ],
    legend: {
      top: 8,
      left: 12,
      itemGap: 36,
      textStyle: { width: legendWidth },
      data: Object.keys(series.writes),
    },
    grid: places.map((place) => ({ ...place, left, right })),
    xAxis: places.map((_, index) => ({
      type: "value" as const,
      gridIndex: index,
      min: 0,
      max: seconds,
      axisLabel: { show: index === places.length - 1, formatter: "{value} s" },
      splitLine: { show: false },
    })),
    yAxis: [
      { type: "value" as const, gridIndex: 0, min: 0 },
      { type: "value" as const, gridIndex: 1, min: 0, minInterval: 1, splitNumber: 2 },
      {
        type: "value" as const,
        gridIndex: 2,
        min: 0,
        max: lagAxisSeconds,
        minInterval: 1,
        splitNumber: 2,
      },
      categoryAxis(3, targets.map(shortName)),
      categoryAxis(4, phases.map(({ name }) => name).reverse()),
    ],
    series: [
      ...writeLines(series, faults),
      ...lagLines(series),
      ...otherLines(series, targets),
      ...phaseLines(phases, seconds * leastShare),
    ],
  };
}

const categoryAxis = (gridIndex: number, data: readonly string[]) => ({
  type: "category" as const,
  gridIndex,
  data: [...data],
  axisLabel: { fontSize: 10, width: labelWidth, overflow: "truncate" as const, interval: 0 },
});

const line = { type: "line" as const, symbol: "none" };

const writeLines = ({ writes }: DrillSeries, faults: readonly Band[]) =>
  Object.entries(writes).map(([name, points], index) => ({
    ...line,
    name,
    data: points.map(([at, count]) => [at, count]),
    areaStyle: { opacity: 0.12 },
    ...(index === 0 ? { markArea: markFaults(faults, true) } : {}),
  }));

/** A lag of nothing is still a line to be seen. */
const lagAxisSeconds = ({ max }: { readonly max: number }): number => Math.max(2, Math.ceil(max));

/** In the colour of the same database's writes, where it took some. */
const lagLines = ({ lags, writes, faults }: DrillSeries) =>
  Object.entries(lags).map(([name, points], index) => ({
    ...line,
    name: `${name}, behind`,
    xAxisIndex: 2,
    yAxisIndex: 2,
    color: colours[Object.keys(writes).indexOf(name)] ?? "#64748b",
    lineStyle: { width: 3 },
    connectNulls: false,
    data: points.map(([at, lag]) => [at, lag]),
    ...(index === 0 ? { markArea: markFaults(faults, false) } : {}),
  }));

const otherLines = (
  { failures, answers, seconds, faults }: DrillSeries,
  targets: readonly string[],
) => [
  {
    ...line,
    name: "failed writes",
    xAxisIndex: 1,
    yAxisIndex: 1,
    color: "#dc2626",
    data: failures.map(([at, count]) => [at, count]),
    areaStyle: { opacity: 0.2 },
    markArea: markFaults(faults, false),
  },
  {
    ...line,
    name: "answers",
    xAxisIndex: 3,
    yAxisIndex: 3,
    color: "#0f172a",
    step: "end" as const,
    lineStyle: { width: 3 },
    data: [...answers, [seconds, answers.at(-1)?.[1] ?? ""] as const].map(([at, target]) => [
      at,
      targets.indexOf(target),
    ]),
    markArea: markFaults(faults, false),
  },
];

/** Each phase is a bar on a line of its own, from above. */
const phaseLines = (phases: readonly Band[], leastSeconds: number) =>
  phases.map(({ from, to }, index) => ({
    ...line,
    xAxisIndex: 4,
    yAxisIndex: 4,
    color: phaseColour,
    lineStyle: { width: 9 },
    data: [
      [Math.max(0, from), phases.length - 1 - index],
      [Math.max(to, from + leastSeconds), phases.length - 1 - index],
    ],
  }));

/** `<identifier> in <region>` of an RDS endpoint; anything else as it is. */
const shortName = (target: string): string => {
  const [identifier = target, , region] = target.split(".");
  return target.endsWith(".rds.amazonaws.com") ? `${identifier} in ${region}` : target;
};
