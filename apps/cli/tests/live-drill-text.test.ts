import { exampleFindings, type LiveDrillReport } from "@standby/recovery";
import { expect, it } from "vitest";
import { liveDrillText } from "../src/text/live-drill-text.ts";

const report: LiveDrillReport = {
  schema: "standby.live-drill/1",
  ok: true,
  summary: "a failover to us-west-2 would work; all 2 checks hold",
  service: "orders-prod",
  verdict: "ready",
  preflight: "go",
  expectedLoss: {
    transactions: 0,
    heartbeatAgeSeconds: 3,
    lagSeconds: 0,
    summary: "the replica has every transaction of the source",
  },
  estimate: {
    oursSeconds: 9,
    promotionSeconds: [180, 600],
    propagationSeconds: [0, 60],
    timeToLiveSeconds: [0, 30],
    totalSeconds: [189, 699],
    sources: ["promotion: https://docs.aws.amazon.com/"],
  },
  phases: [],
  checks: [
    { id: "one-writer", ok: true, detail: "orders-prod-1 in us-east-1" },
    { id: "parameters", ok: true, detail: "skipped: unreachable: RDS in us-east-1" },
  ],
  findings: [],
};
const layout = { colour: false, width: 100 };

it("says the verdict first, then time and loss, and that nothing was changed", () => {
  const lines = liveDrillText(report, layout).split("\n");
  expect(lines[0]).toBe("DRILL PASSED  a failover to us-west-2 would work; all 2 checks hold");
  expect(lines).toContain("recovery time    189 to 699 s, estimated");
  expect(lines).toContain("  ours           9.0 s, measured now");
  expect(lines).toContain("data loss        the replica has every transaction of the source");
  expect(lines).toContain("changed          nothing: the deployed pair was only read");
});

it("shows a check that could not be made as neither passed nor failed", () => {
  const text = liveDrillText(report, layout);
  expect(text).toContain("skip  parameters  unreachable: RDS in us-east-1");
  expect(text).toContain("ok    one-writer  orders-prod-1 in us-east-1");
});

it("prints the findings with their remedies when it failed", () => {
  const findings = exampleFindings().filter(({ code }) => code === "no-standby");
  const text = liveDrillText({ ...report, ok: false, findings }, layout);
  expect(text).toMatch(/^DRILL FAILED/);
  expect(text).toContain("-> standby rebuild");
});
