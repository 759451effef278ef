import { expect, it } from "vitest";
import { buildReport } from "../src/report.ts";
import { reportText } from "../src/report-text.ts";
import { goodEvidence, primaryAddress, recoveryAddress } from "./good-evidence.ts";

it("reports a drill in which all went well", () => {
  const report = buildReport(goodEvidence());
  expect(report).toMatchObject({
    ok: true,
    clock: "fast",
    recoveryTimeSeconds: { fromLoss: 6.91, fromFlag: 6.41 },
    ours: 2.71,
    simulatedAws: 3.7,
    writes: { acknowledged: 5, lost: [], dataLossSeconds: 0 },
    callsToLostRegion: 0,
    route53ControlPlaneCalls: { "route53:ChangeResourceRecordSets": 1, "route53:GetChange": 1 },
    secret: { region: "us-west-2" },
    failure: null,
  });
  expect(report.secret.arnUsed).toContain(":us-west-2:");
});

it("lists DNS answers as the changes that a resolver saw", () => {
  const { record } = buildReport(goodEvidence());
  expect(record).toMatchObject({ before: primaryAddress, after: recoveryAddress, questions: 3 });
  expect(record.answers).toEqual([
    { at: "2026-11-24T09:59:55.000Z", value: primaryAddress },
    { at: "2026-11-24T10:00:06.400Z", value: recoveryAddress },
  ]);
});

it("counts lost acknowledged writes and how far back they reach", () => {
  const evidence = { ...goodEvidence(), verification: { checked: 5, missing: ["e3"] } };
  expect(buildReport(evidence).writes).toMatchObject({ lost: ["e3"], dataLossSeconds: 0.02 });
});

it("is not ok when the drill ended early, and names the reason first", () => {
  const report = buildReport({ ...goodEvidence(), failure: "pulumi up failed\nmore" });
  expect(report.ok).toBe(false);
  expect(report.summary).toBe("The drill ended early: pulumi up failed");
  expect(report.failure).toBe("pulumi up failed\nmore");
});

it("is not ok when one check fails, and names the check", () => {
  const report = buildReport({
    ...goodEvidence(),
    repeatedFailover: { stack: "prod-west", changed: true },
  });
  expect(report.ok).toBe(false);
  expect(report.summary).toBe("1 of 17 checks failed: failover-repeats-quietly");
});

it("survives a round trip through JSON without losing a key", () => {
  const report = buildReport(goodEvidence());
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

it("has null, not a made-up figure, for what was not reached", () => {
  const { lossAt, flagAt, verification, ...early } = goodEvidence();
  expect([lossAt, flagAt, verification].every(Boolean)).toBe(true);
  expect(buildReport(early)).toMatchObject({
    ok: false,
    recoveryTimeSeconds: { fromLoss: null, fromFlag: null },
    ours: null,
    simulatedAws: null,
    writes: { lost: null, dataLossSeconds: null },
  });
});

it("prints verdict, shares, dials and Route 53's part for a person", () => {
  const text = reportText(buildReport(goodEvidence()), { colour: false });
  expect(text).toMatch(/^DRILL PASSED {2}us-east-1 was lost \(hang\)/);
  expect(text).toContain("6.9 s from the loss, 6.4 s from the flag");
  expect(text).toContain("3.7 s  = promotion 3.1 s + propagation 0.4 s + TTL 0.2 s");
  expect(text).toContain("clock fast: promotion 3 s, propagation 0.5 s, TTL ≤ 5 s");
  expect(text).toContain(
    "Route 53's control plane (us-east-1) is needed: ChangeResourceRecordSets 1",
  );
  expect(text).not.toContain("\u001b");
});

it("colours only when asked to", () => {
  expect(reportText(buildReport(goodEvidence()), { colour: true })).toContain("\u001b[");
});

it("prints a failed drill with its reason and its failed checks", () => {
  const report = buildReport({
    ...goodEvidence(),
    failure: "pulumi up -s prod-west failed",
    preview: [],
  });
  const text = reportText(report, { colour: false });
  expect(text).toMatch(/^DRILL FAILED/);
  expect(text).toContain("FAIL  failover-preview-is-the-move");
  expect(text).toContain("pulumi up -s prod-west failed");
});
