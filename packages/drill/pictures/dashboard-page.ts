import {
  type DashboardBody,
  type DashboardFacts,
  type DashboardWidget,
  dashboardBodies,
  dashboardKeys,
  dashboardNames,
} from "@standby/topology";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent } from "echarts/components";
import { format, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { lostAtMinute, type MadeUpLine, madeUpLines, shownMinutes } from "./made-up-values.ts";

use([GridComponent, LegendComponent, LineChart, MarkLineComponent, SVGRenderer]);

/** About what the console gives a cell of the grid on a wide screen. */
const cell = { width: 60, height: 50 } as const;
const gap = 8;
const titleHeight = 26;

const escaped = (value: string): string => format.encodeHTML(value);

/** The three dashboards as the console would lay them out, with values that nobody measured. One page that needs nothing else. */
export function dashboardPage(facts: DashboardFacts): string {
  const bodies = dashboardBodies(facts);
  const names = dashboardNames(facts);
  const sections = dashboardKeys.map(
    (key) =>
      `<section id="${key}"><p class="name">CloudWatch dashboard <b>${escaped(names[key])}</b>, drawn with made-up values: ${escaped(facts.primaryRegion)} is lost at minute ${lostAtMinute}</p>\n${grid(bodies[key], facts, key === "primary")}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Dashboards of ${escaped(facts.service)}</title><style>${style}</style></head>
<body>
${sections.join("\n")}
</body>
</html>
`;
}

function grid(body: DashboardBody, facts: DashboardFacts, primary: boolean): string {
  const height = Math.max(...body.widgets.map((widget) => widget.y + widget.height));
  const widgets = body.widgets.map((widget) => {
    const place = [
      `left:${widget.x * cell.width}px`,
      `top:${widget.y * cell.height}px`,
      `width:${widget.width * cell.width - gap}px`,
      `height:${widget.height * cell.height - gap}px`,
    ].join(";");
    return `<div class="widget" style="${place}">${content(widget, facts, primary)}</div>`;
  });
  return `<div class="grid" style="height:${height * cell.height}px">${widgets.join("\n")}</div>`;
}

function content(widget: DashboardWidget, facts: DashboardFacts, primary: boolean): string {
  switch (widget.type) {
    case "text":
      return `<div class="text">${markdown(widget.properties.markdown)}</div>`;
    case "alarm":
      return `<h2>${escaped(widget.properties.title)}</h2><ul>${widget.properties.alarms
        .map((arn) => alarm(arn.split(":").at(-1) ?? arn, facts.service))
        .join("")}</ul>`;
    case "metric": {
      const size = {
        width: widget.width * cell.width - gap - 2,
        height: widget.height * cell.height - gap - titleHeight - 2,
      };
      return `<h2>${escaped(widget.properties.title)}</h2>${chart(widget.properties, size, primary)}`;
    }
  }
}

/** As the made-up hours end: no replica follows, and the preflight has said so. */
const ringing = ["not-replicating", "preflight-red"];

const alarm = (name: string, service: string): string =>
  `<li class="${ringing.includes(name.slice(service.length + 1)) ? "rings" : "quiet"}">${escaped(name)}</li>`;

/** As much of Markdown as the texts have. */
const markdown = (source: string): string =>
  source
    .split("\n")
    .map((line) =>
      escaped(line)
        .replace(/^# (.*)$/, "<h1>$1</h1>")
        .replace(/\*\*(.+?)\*\*/g, "<b>$1</b>")
        .replace(/`(.+?)`/g, "<code>$1</code>"),
    )
    .map((line) => (line.startsWith("<h1>") ? line : `<p>${line}</p>`))
    .join("");

type Properties = Extract<DashboardWidget, { readonly type: "metric" }>["properties"];

interface Size {
  readonly width: number;
  readonly height: number;
}

function chart(properties: Properties, size: Size, primary: boolean): string {
  const drawn = init(null, null, { renderer: "svg", ssr: true, ...size });
  try {
    drawn.setOption(optionOf(properties, size, madeUpLines(properties.metrics, { primary })));
    return drawn.renderToSVGString();
  } finally {
    drawn.dispose();
  }
}

const fontSize = 10;

function optionOf(
  { yAxis, annotations }: Properties,
  { width }: Size,
  lines: readonly MadeUpLine[],
) {
  const bottom = 24 + 18 * legendLines(lines, width);
  const place = { icon: "rect", itemWidth: 12, itemHeight: 3, itemGap: 12, bottom: 0, left: 8 };
  return {
    animation: false,
    textStyle: { fontFamily: "sans-serif" },
    grid: { left: 48, right: 14, top: 12, bottom },
    legend: { ...place, textStyle: { fontSize } },
    xAxis: {
      type: "value" as const,
      min: 0,
      max: shownMinutes,
      interval: 60,
      splitLine: { show: false },
      axisLabel: { fontSize, formatter: "{value} min" },
    },
    yAxis: {
      type: "value" as const,
      min: yAxis.left.min,
      max: yAxis.left.max ?? Math.max(1, 1.15 * highestOf(lines, annotations)),
      splitNumber: 3,
      axisLabel: { fontSize, formatter: short, showMaxLabel: yAxis.left.max === 100 },
    },
    series: lines.map((line, index) => ({
      ...seriesOf(line),
      ...(index === 0 && annotations ? { markLine: bounds(annotations.horizontal) } : {}),
    })),
  };
}

const seriesOf = ({ label, values }: MadeUpLine) => ({
  type: "line" as const,
  name: label,
  symbol: values.filter((value) => value !== null).length < 10 ? "circle" : "none",
  lineStyle: { width: 1.5 },
  data: values.map((value, minute) => [minute, value]),
});

const highestOf = (lines: readonly MadeUpLine[], annotations: Properties["annotations"]): number =>
  Math.max(
    ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)),
    ...(annotations?.horizontal ?? []).map(({ value }) => value),
  );

const bounds = (horizontal: readonly { readonly label: string; readonly value: number }[]) => ({
  silent: true,
  symbol: "none",
  lineStyle: { color: "#d13212", type: "dashed" as const },
  label: { position: "insideEndTop" as const, fontSize, color: "#d13212" },
  data: horizontal.map(({ label, value }) => ({
    yAxis: value,
    label: { formatter: label },
  })),
});

const legendLines = (lines: readonly { readonly label: string }[], width: number): number =>
  Math.ceil(lines.reduce((sum, { label }) => sum + 24 + label.length * 6, 0) / (width - 16));

const short = (value: number): string => {
  if (Math.abs(value) >= 2 ** 30) return `${Math.round(value / 2 ** 30)} Gi`;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
};

const style = `
body { margin: 0; padding: 16px; background: #f2f3f3; font: 12px/1.4 sans-serif; color: #16191f; width: ${24 * cell.width}px; }
.name { margin: 0 0 8px; }
section { margin-bottom: 24px; }
.grid { position: relative; }
.widget { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #d5dbdb; overflow: hidden; }
h2 { font-size: 13px; margin: 5px 8px 0; height: ${titleHeight - 5}px; white-space: nowrap; }
.text { padding: 4px 12px; } .text h1 { font-size: 17px; margin: 4px 0; } .text p { margin: 4px 0; }
code { background: #eaeded; padding: 0 3px; }
ul { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; margin: 4px 8px; padding: 0; list-style: none; }
li { padding: 7px 8px; border-left: 4px solid; background: #fafafa; }
.quiet { border-color: #1d8102; } .rings { border-color: #d13212; background: #fdf3f1; font-weight: bold; }
`;
