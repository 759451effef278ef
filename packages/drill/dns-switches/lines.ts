import type { DnsSwitch } from "@standby/topology";
import type { DrillReport } from "../src/index.ts";

/** AWS's own part of a move of the name, as its documentation has it: what a local cloud makes up is no measurement of it. */
const awsShares: Readonly<Record<DnsSwitch, readonly [text: string, source: string]>> = {
  record: [
    "INSYNC usually within 60 s, while Route 53's control plane in us-east-1 answers; then the TTL",
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html",
  ],
  "health-check": [
    "a metric of one-minute periods, the function's next minute before it by the bare flag; the health check, without a figure; then the TTL",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html",
  ],
};

type Figures = Pick<
  DrillReport,
  "recoveryTimeSeconds" | "ours" | "simulatedAwsShares" | "route53ControlPlaneCalls"
>;

const seconds = (value: number | null | undefined): string =>
  typeof value === "number" ? `${value.toFixed(1)} s` : "not reached";

/** One way: what was measured, split into ours and what the dials made up, and AWS's own part as AWS states it. */
export function linesOf(dnsSwitch: DnsSwitch, report: Figures): readonly string[] {
  const shares = report.simulatedAwsShares;
  const waited = dnsSwitch === "record" ? "propagation" : "metric and health check";
  const [text, source] = awsShares[dnsSwitch];
  const calls = Object.values(report.route53ControlPlaneCalls).reduce((sum, each) => sum + each, 0);
  return [
    `${dnsSwitch.padEnd(12)}  flag to first write ${seconds(report.recoveryTimeSeconds.fromFlag)}, ours ${seconds(report.ours)}, simulated: promotion ${seconds(shares?.promotionSeconds)}, ${waited} ${seconds(shares?.propagationSeconds)}, TTL ${seconds(shares?.timeToLiveSeconds)}`,
    `              ${calls} calls of Route 53's control plane after the loss`,
    `              AWS: ${text} (${source})`,
  ];
}
