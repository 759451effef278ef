import { styleText } from "node:util";
import type { Dials } from "@standby/local-cloud";
import { count, notReached } from "./invariants/check.ts";
import type { DrillReport } from "./report.ts";

export interface ReportTextOptions {
  readonly colour: boolean;
}

/** What our own part may take of a failover, see `RecoveryTime`. An aim, not a check: a busy machine misses it. */
const oursAimSeconds = 10;

type Style = (format: Parameters<typeof styleText>[0], text: string) => string;
type Row = readonly [label: string, text: string];

/** The report for a person: verdict first, then the figures and whose they are, then each check. */
export function reportText(report: DrillReport, options: ReportTextOptions): string {
  const style: Style = (format, text) =>
    options.colour ? styleText(format, text, { validateStream: false }) : text;
  const verdict = report.ok
    ? style(["green", "bold"], "DRILL PASSED")
    : style(["red", "bold"], "DRILL FAILED");
  const rows = [
    ...timeRows(report),
    ...dataRows(report),
    ...courseRows(report),
    ...actRows(report),
    ...dialRows(report),
  ];
  return [
    `${verdict}  ${report.summary}`,
    "",
    ...align(rows),
    "",
    ...checkLines(report, style),
    ...failureLines(report, style),
    ...(report.evidenceFolder === null ? [] : ["", `Evidence kept in ${report.evidenceFolder}`]),
    "",
  ].join("\n");
}

function timeRows(report: DrillReport): readonly Row[] {
  const { recoveryTimeSeconds: time, simulatedAwsShares: shares, ours, simulatedAws } = report;
  if (!shares) return [["recovery time", "no write was acknowledged after the loss"]];
  const propagation = report.dnsSwitch === "record" ? "propagation" : "metric and health check";
  const aim = (ours ?? 0) <= oursAimSeconds ? "aim" : "MISSED: aim";
  return [
    [
      "recovery time",
      `${seconds(time.fromLoss)} from the loss, ${seconds(time.fromFlag)} from the flag`,
    ],
    ["  ours", `${seconds(ours)}  (${aim} at most ${oursAimSeconds} s)`],
    [
      "  simulated AWS",
      `${seconds(simulatedAws)}  = promotion ${seconds(shares.promotionSeconds)} + ${propagation} ${seconds(shares.propagationSeconds)} + TTL ${seconds(shares.timeToLiveSeconds)}`,
    ],
  ];
}

function dataRows(report: DrillReport): readonly Row[] {
  const { writes, record, secret } = report;
  const byRegion = Object.entries(writes.acknowledgedByRegion)
    .map(([region, number]) => `${number} through ${region}`)
    .join(", ");
  const lost =
    writes.lost === null
      ? "not known: nobody could look"
      : `${writes.lost.length} of the acknowledged writes${writes.lost.length > 0 ? `, from the last ${writes.dataLossSeconds?.toFixed(2)} s before the loss` : ""}`;
  const route53 = Object.entries(report.route53ControlPlaneCalls)
    .map(([name, number]) => `${name.replace("route53:", "")} ${number}`)
    .join(", ");
  return [
    ["writes", `${writes.acknowledged} acknowledged (${byRegion})`],
    ["lost", lost],
    [
      "record",
      record.answers.length === 0
        ? "not asked for"
        : `${record.name}: ${record.answers.map((each) => each.value).join(" -> ")}`,
    ],
    ["secret", secret.arnUsed ?? "not seen"],
    ["lost Region", `${report.callsToLostRegion} calls to ${report.lostRegion} after the loss`],
    [
      "",
      report.dnsSwitch === "record"
        ? `Route 53's control plane (us-east-1) is needed: ${route53 || "no call"}`
        : `Route 53's control plane (us-east-1) was ${report.route53ControlPlane} and is not needed: ${route53 || "no call"}`,
    ],
  ];
}

function courseRows({ course }: DrillReport): readonly Row[] {
  if (!course) return [];
  const moves = course.moves.map(
    (move, index): Row => [
      index === 0 ? "course" : "",
      `${move.kind} ${move.from} -> ${move.to}: no write for ${seconds(move.writePauseSeconds)}`,
    ],
  );
  return [
    ...moves,
    [
      "",
      `${course.lost.length} of all acknowledged writes lost, from at most ${course.dataLossSeconds.toFixed(2)} s before a loss`,
    ],
  ];
}

const switchDials = (dnsSwitch: DrillReport["dnsSwitch"], dials: Dials): string =>
  dnsSwitch === "record"
    ? `propagation ${dials.recordPropagationSeconds} s`
    : `a metric's minute ${dials.scheduleMinuteSeconds} s, health check every ${dials.healthCheckSeconds} s`;

const longestActs = 4;

function actRows({ phases }: DrillReport): readonly Row[] {
  if (phases.length === 0) return [];
  const sum = phases.reduce((all, { seconds: own }) => all + own, 0);
  const longest = phases
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, longestActs)
    .map(({ name, seconds: own }) => `${name.split(":")[0]} ${seconds(own)}`);
  return [["time", `${seconds(sum)} in all; the longest acts: ${longest.join(", ")}`]];
}

function dialRows({ dials, databaseServer, lossMode, dnsSwitch }: DrillReport): readonly Row[] {
  if (!dials) return [];
  const ttl =
    dials.maximumTtlSeconds === undefined ? "the record's own" : `≤ ${dials.maximumTtlSeconds} s`;
  return [
    [
      "dials",
      `clock ${dials.clock}: promotion ${dials.promotionSeconds} s, ${switchDials(dnsSwitch, dials)}, TTL ${ttl}`,
    ],
    [
      "",
      `Region lost by: ${lossMode}; database server: ${databaseServer ?? "?"}; nothing ran on AWS`,
    ],
  ];
}

/** What was not reached is one line: the reason is told below, and the report as JSON has each check. */
function checkLines({ checks }: DrillReport, style: Style): readonly string[] {
  const reached = checks.filter((check) => check.detail !== notReached);
  const width = Math.max(...checks.map((check) => check.id.length));
  const lines = reached.map(({ ok, id, detail }) => {
    const mark = ok ? style("green", "ok  ") : style("red", "FAIL");
    return `${mark}  ${id.padEnd(width)}  ${detail}`;
  });
  const others = checks.length - reached.length;
  const rest = `${style("red", "FAIL")}  ${count(others, "more check")} not reached`;
  return others === 0 ? lines : [...lines, rest];
}

const failureLines = (report: DrillReport, style: Style): readonly string[] =>
  report.failure === null ? [] : ["", style("red", report.failure)];

const align = (rows: readonly Row[]): readonly string[] => {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`);
};

const seconds = (value: number | null): string => (value === null ? "?" : `${value.toFixed(1)} s`);
