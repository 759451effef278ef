import { expect, it } from "vitest";
import { alarmRules, monitorMetricOf, ringsWithinMinutes } from "../src/alarm-rules.ts";
import { nativeAlarms, watchedFindings } from "../src/monitor.ts";

it.each([
  ["split-brain", 4],
  ["no-writer", 5],
  ["secret-not-in-sync", 8],
  ["monitor-silent", 10],
  ["preflight-red", 33],
  ["preflight-stale", 77],
] as const)("%s rings within %i minutes", (code, minutes) => {
  expect(ringsWithinMinutes(code)).toBe(minutes);
});

it("keeps every alarm within what CloudWatch evaluates: a day for periods of minutes", () => {
  for (const { periodSeconds, periods, badPeriods } of Object.values(alarmRules)) {
    expect(periodSeconds * periods).toBeLessThanOrEqual(86_400);
    expect(badPeriods).toBeLessThanOrEqual(periods);
  }
});

it("puts silence on metrics that are published every time", () => {
  expect(monitorMetricOf("monitor-silent")).toBe("no-writer");
  expect(monitorMetricOf("preflight-stale")).toBe("preflight-red");
  expect(monitorMetricOf("storage-low")).toBeUndefined();
  expect([...watchedFindings, ...nativeAlarms].sort()).toEqual(Object.keys(alarmRules).sort());
});
