import { databasesUnderTest } from "@standby/local-cloud/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type DrillReport, reportText, runDrill } from "../src/index.ts";

const databases = await databasesUnderTest("one kind");

/** One drill on the real local cloud with the real engine: what it must show, seen in its report. */
describe.each(databases)("a drill on $program.version", ({ dialect, program }) => {
  let report: DrillReport;

  beforeAll(async () => {
    report = await runDrill({ database: dialect.kind, previews: true });
  });

  it("names the server and its version", () => {
    expect(report.databaseServer).toBe(program.version);
    expect(reportText(report, { colour: false })).toContain(`database server: ${program.version}`);
  });

  it("holds every check", () => {
    const text = reportText(report, { colour: false });
    expect(report.failure, text).toBeNull();
    expect(
      report.checks.filter((check) => !check.ok),
      text,
    ).toEqual([]);
    expect(report.ok).toBe(true);
  });

  it("goes home without losing a write, and survives a second loss", () => {
    expect(report.course?.moves.map(({ kind, to }) => `${kind} to ${to}`)).toEqual([
      "failover to us-west-2",
      "switchover to us-east-1",
      "failover to us-west-2",
    ]);
    for (const { writePauseSeconds } of report.course?.moves ?? [])
      expect(writePauseSeconds).toBeGreaterThan(0);
    expect(report.course?.dataLossSeconds).toBeLessThan(2);
  });

  it("moves the writes by the commands, and finds nothing left to do in either stack at any border", () => {
    const names = report.phases
      .map(({ name }) => name)
      .filter((name) => name.startsWith("standby"));
    expect(names).toEqual([
      "standby failover: us-west-2 takes writes",
      "standby rebuild: us-east-1 is a standby again",
      "standby switchover: the writes go back to us-east-1",
      "standby rebuild: us-west-2 is a standby again",
      "standby failover: us-west-2 takes writes again",
    ]);
    const quiet = report.checks.find(({ id }) => id === "i7-repeats-change-nothing");
    // Twice both stacks before the course, both after each rebuild and the switchover, prod-west after each failover.
    expect(quiet?.detail).toBe("10 repeated updates, no change");
  });

  it("splits the time from the flag to the first write into ours and AWS's", () => {
    const { fromLoss, fromFlag } = report.recoveryTimeSeconds;
    expect(fromLoss).toBeGreaterThanOrEqual(fromFlag ?? Number.NaN);
    expect(report.ours).toBeGreaterThan(0);
    expect((report.ours ?? 0) + (report.simulatedAws ?? 0)).toBeCloseTo(fromFlag ?? 0, 2);
  });

  it("waits for the promotion that the dials make up", () => {
    expect(report.simulatedAwsShares?.promotionSeconds).toBeGreaterThanOrEqual(
      (report.dials?.promotionSeconds ?? Number.NaN) * 0.9,
    );
  });

  it("moves the CNAME from the east endpoint to the west one", () => {
    expect(report.record.before).toContain(".us-east-1.rds.amazonaws.com");
    expect(report.record.after).toContain(".us-west-2.rds.amazonaws.com");
    expect(report.record.answers).toHaveLength(2);
  });

  it("reads us-west-2's copy of the secret and asks nothing of us-east-1 but Route 53 and the fence's questions", () => {
    expect(report.secret.region).toBe("us-west-2");
    expect(report.secret.arnUsed).toContain(":us-west-2:");
    // Each of which the SDK may send twice.
    expect(Object.keys(report.callsToLostRegionByOperation).sort()).toEqual([
      "rds:DescribeDBInstances",
      "sts:GetCallerIdentity",
    ]);
    expect(report.callsToLostRegion).toBeLessThanOrEqual(4);
    expect(report.route53ControlPlaneCalls["route53:ChangeResourceRecordSets"]).toBe(1);
  });

  it("acknowledges writes through both Regions' functions, one after the other", () => {
    const { acknowledgedByRegion } = report.writes;
    expect(acknowledgedByRegion["us-east-1"]).toBeGreaterThan(10);
    expect(acknowledgedByRegion["us-west-2"]).toBeGreaterThan(10);
  });
});
