import { databasesUnderTest } from "@standby/local-cloud/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type DrillReport, reportText, runDrill } from "../src/index.ts";

const databases = await databasesUnderTest("one kind");

/** The name moved by a health check, with us-east-1 and Route 53's control plane lost together. */
describe.each(databases)(
  "a drill with dnsSwitch health-check on $program.version",
  ({ dialect }) => {
    let report: DrillReport;

    beforeAll(async () => {
      report = await runDrill({
        database: dialect.kind,
        dnsSwitch: "health-check",
        route53ControlPlane: "down",
        course: "failover",
        pacing: { loadSeconds: 4 },
      });
    });

    it("holds every check", () => {
      const text = reportText(report, { colour: false });
      expect(report.failure, text).toBeNull();
      expect(
        report.checks.filter((check) => !check.ok),
        text,
      ).toEqual([]);
    });

    it("makes no call of Route 53's control plane, nor any other to us-east-1", () => {
      expect(report.route53ControlPlaneCalls).toEqual({});
      expect(report.callsToLostRegion).toBe(0);
    });

    it("shows the metric and the health check in the time that is not ours", () => {
      expect(report.simulatedAwsShares?.propagationSeconds).toBeGreaterThan(0);
      expect(reportText(report, { colour: false })).toContain("metric and health check");
    });
  },
);
