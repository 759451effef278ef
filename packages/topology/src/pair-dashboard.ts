import { preflightEveryMinutes } from "./alarm-rules.ts";
import {
  type DashboardBody,
  type DashboardContent,
  dashboardBody,
  graph,
  text,
} from "./dashboard-body.ts";
import { type DashboardFacts, dashboardNames } from "./dashboard-facts.ts";
import {
  aboveOne,
  findingsGraph,
  functionLines,
  monitorAge,
  monitorLine,
} from "./dashboard-metrics.ts";
import { ordersFunctionName } from "./deployment.ts";
import {
  activeMetricName,
  alarmName,
  lagMetricName,
  nativeAlarms,
  watchedFindings,
} from "./monitor.ts";

/** What the one who is called looks at first: what rings, who writes, what a failover would lose. */
export const pairBody = (facts: DashboardFacts): DashboardBody =>
  dashboardBody([
    { height: 5, widgets: [alarmStates(facts), sections(facts)], widths: [14, 10] },
    { height: 6, widgets: [activeRegion(facts), lag(facts)] },
    {
      height: 6,
      widgets: [
        findingsGraph(
          facts,
          "Findings of the monitor",
          watchedFindings.filter((code) => code !== "preflight-red"),
        ),
        ...preflights(facts),
      ],
      widths: [12, 6, 6],
    },
    { height: 6, widgets: application(facts) },
  ]);

const alarmStates = ({ service, accountId, recoveryRegion }: DashboardFacts): DashboardContent => ({
  type: "alarm",
  properties: {
    title: "Alarms",
    alarms: [...watchedFindings, ...nativeAlarms].map(
      (code) =>
        `arn:aws:cloudwatch:${recoveryRegion}:${accountId}:alarm:${alarmName(service, code)}`,
    ),
  },
});

function sections(facts: DashboardFacts): DashboardContent {
  const { service, primaryRegion, recoveryRegion } = facts;
  const codes = [...watchedFindings, ...nativeAlarms].map((code) => `\`#${code}\``);
  const { primary, recovery } = dashboardNames(facts);
  return text(
    `# ${service}`,
    `Writes go to ${primaryRegion}, or after a failover to ${recoveryRegion}. \`standby status\` says more. Each Region has a dashboard: **${primary}** and **${recovery}**.`,
    "",
    `What an alarm means and what to do is in \`docs/runbook.md\`, in the section of its name: ${codes.join(" ")}`,
  );
}

const activeRegion = ({
  service,
  primaryRegion,
  recoveryRegion,
}: DashboardFacts): DashboardContent =>
  graph({
    title: `Takes writes: 0 ${primaryRegion}, 1 ${recoveryRegion}, gap nobody or both`,
    region: recoveryRegion,
    stat: "Maximum",
    metrics: [monitorLine(service, activeMetricName)],
    maximum: aboveOne,
  });

const lag = ({ service, recoveryRegion, maximumLagSeconds }: DashboardFacts): DashboardContent =>
  graph({
    title: "A failover would lose about, seconds (gap: unknown)",
    region: recoveryRegion,
    stat: "Maximum",
    metrics: [monitorLine(service, lagMetricName)],
    bound: { label: "recoveryPoint.maximumLagSeconds", value: maximumLagSeconds },
  });

const preflights = ({ service, recoveryRegion }: DashboardFacts): readonly DashboardContent[] => [
  graph({
    title: "Preflight refused",
    region: recoveryRegion,
    stat: "Maximum",
    metrics: [monitorLine(service, "preflight-red")],
    maximum: aboveOne,
  }),
  graph({
    title: "Preflight: minutes since the last",
    region: recoveryRegion,
    stat: "Maximum",
    metrics: monitorAge(service, "preflight-red", "minutes"),
    bound: { label: "the schedule", value: preflightEveryMinutes },
  }),
];

function application(facts: DashboardFacts): readonly DashboardContent[] {
  const { service, primaryRegion, recoveryRegion } = facts;
  const name = ordersFunctionName(service);
  const both = [primaryRegion, recoveryRegion].map((region) => ({ name, region, label: region }));
  const figure = (
    title: string,
    stat: "p99" | "Sum",
    metric: Parameters<typeof functionLines>[0],
  ) => graph({ title, region: recoveryRegion, stat, metrics: functionLines(metric, both) });
  return [
    figure(`${name}: invocations a minute`, "Sum", "Invocations"),
    figure(`${name}: errors a minute`, "Sum", "Errors"),
    figure(`${name}: duration, p99, ms`, "p99", "Duration"),
  ];
}
