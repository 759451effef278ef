import { format } from "echarts/core";
import type { DrillReport } from "./report.ts";
import { drillChart } from "./report-chart.ts";
import type { DrillSeries } from "./report-series.ts";

const text = (value: string): string => format.encodeHTML(value);
const seconds = (value: number | null, digits = 1): string =>
  value === null ? "an unknown number of s" : `${value.toFixed(digits)} s`;

/** One page that needs nothing else: no script, no font, no request. Its first sentence has the three numbers. */
export function reportHtml(report: DrillReport, series: DrillSeries | undefined): string {
  const verdict = report.ok ? "Drill passed" : "Drill failed";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${text(verdict)}: ${text(report.lostRegion)} was lost</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 class="${report.ok ? "passed" : "failed"}">${text(verdict)}</h1>
<p id="figures">${text(figures(report))}</p>
${report.failure === null ? "" : `<pre>${text(report.failure)}</pre>`}
<figure role="img" aria-label="Writes, failures, replication lag, DNS answers and phases over time">
${series === undefined ? "<p>No client had begun.</p>" : drillChart(series)}
</figure>
${movesTable(report)}
${checksTable(report)}
${actsTable(report)}
<p class="small">${text(surroundings(report))}</p>
</main>
</body>
</html>
`;
}

/** Recovery time, data loss, write pause. */
function figures({ recoveryTimeSeconds, writes, course, lostRegion }: DrillReport): string {
  const loss = course?.dataLossSeconds ?? writes.dataLossSeconds;
  const lost = course?.lost.length ?? writes.lost?.length;
  const switchover = course?.moves.find(({ kind }) => kind === "switchover");
  const losses =
    lost === 0
      ? `no acknowledged write was lost (data loss ${seconds(0, 2)})`
      : `${lost ?? "an unknown number of"} acknowledged ${lost === 1 ? "write" : "writes"} from the last ${seconds(loss, 2)} before a loss ${lost === 1 ? "is" : "are"} gone`;
  const pause = course
    ? `the switchover home paused writes for ${seconds(switchover?.writePauseSeconds ?? null)}`
    : "no switchover was made, so there is no write pause";
  return `Writes were acknowledged again ${seconds(recoveryTimeSeconds.fromLoss)} after the loss of ${lostRegion}, ${losses}, and ${pause}.`;
}

function movesTable({ course }: DrillReport): string {
  if (!course) return "";
  const rows = course.moves.map(({ kind, from, to, startedAt, writePauseSeconds }) => [
    kind,
    `${from} to ${to}`,
    startedAt,
    seconds(writePauseSeconds),
  ]);
  return `<h2>Moves of the writes</h2>\n${table(["move", "from and to", "began", "without an acknowledged write"], rows)}`;
}

const checksTable = ({ checks }: DrillReport): string =>
  `<h2>Checks</h2>\n${table(
    ["", "check", "what was seen"],
    checks.map(({ ok, id, detail }) => [ok ? "ok" : "FAIL", id, detail]),
  )}`;

function actsTable({ phases }: DrillReport): string {
  const sum = phases.reduce((all, { seconds: own }) => all + own, 0);
  const rows = phases.map(({ name, seconds: own }) => [name, seconds(own)]);
  return `<h2>Acts</h2>\n${table(["act", "time"], [...rows, ["all together", seconds(sum)]])}`;
}

const surroundings = ({ clock, databaseServer, lossMode, writes }: DrillReport): string =>
  `${writes.acknowledged} writes acknowledged. Local cloud with the clock ${clock ?? "?"}, ${databaseServer ?? "?"}, the Region lost by: ${lossMode}. Nothing ran on AWS.`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [
    "<table>",
    `<thead><tr>${head.map((cell) => `<th>${text(cell)}</th>`).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${row.map((cell) => `<td>${text(cell)}</td>`).join("")}</tr>`),
    "</tbody>",
    "</table>",
  ].join("\n");

const style = `
body { margin: 0; background: #f8fafc; color: #0f172a; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 24px; }
h1 { margin: 0 0 8px; } h1.passed { color: #15803d; } h1.failed { color: #b91c1c; }
#figures { font-size: 19px; margin: 0 0 16px; }
figure { margin: 0; padding: 12px; background: #fff; border: 1px solid #e2e8f0; border-radius: 8px; overflow-x: auto; }
figure svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; background: #fff; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px; border-bottom: 1px solid #e2e8f0; overflow-wrap: anywhere; }
tr > :not(:last-child) { white-space: nowrap; }
pre { background: #fef2f2; padding: 12px; overflow-x: auto; }
.small { color: #475569; font-size: 13px; }
`;
