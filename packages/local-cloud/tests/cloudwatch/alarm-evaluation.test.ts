import { describe, expect, it } from "vitest";
import { type AlarmRule, stateByData } from "../../src/cloudwatch/alarm-evaluation.ts";

const minute = 60_000;
const now = 100 * minute + 20_000;

const rule = (more: Partial<AlarmRule> = {}): AlarmRule => ({
  metric: { namespace: "Orders", name: "Lag", dimensions: {} },
  statistic: "Maximum",
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  comparison: "GreaterThanOrEqualToThreshold",
  threshold: 1,
  missingData: "missing",
  ...more,
});

/** One character per whole minute, the newest last: `0` good, `1` breaching, `-` nothing. */
const stateOf = (minutes: string, more: Partial<AlarmRule> = {}) => {
  const datapoints = [...minutes].flatMap((mark, index) => {
    const at = 100 * minute - (minutes.length - index) * minute + 1;
    return mark === "-" ? [] : [{ at, value: Number(mark) }];
  });
  return stateByData(rule(more), datapoints, now, minute);
};

describe("the state by the data", () => {
  it.each([
    ["00111", "ALARM"],
    ["11101", "OK"],
    ["-1-11", "ALARM"],
    ["--1-0", "OK"],
    ["----1", "ALARM"],
    ["-----", "INSUFFICIENT_DATA"],
    ["111111-----", "INSUFFICIENT_DATA"],
  ])("of %s is %s when missing data mean nothing", (minutes, state) => {
    expect(stateOf(minutes)).toBe(state);
  });

  it.each([
    ["breaching", "-----", "ALARM"],
    ["breaching", "----0", "OK"],
    ["notBreaching", "-----", "OK"],
    ["notBreaching", "1----", "OK"],
    ["ignore", "-----", undefined],
    ["ignore", "----1", undefined],
    ["ignore", "--111", "ALARM"],
  ] as const)("treats missing data as %s: %s is %s", (missingData, minutes, state) => {
    expect(stateOf(minutes, { missingData })).toBe(state);
  });

  it("rings with as many of the periods as are asked for", () => {
    expect(stateOf("--101", { datapointsToAlarm: 2 })).toBe("ALARM");
    expect(stateOf("--001", { datapointsToAlarm: 2 })).toBe("OK");
  });

  it("looks at whole periods only, and at each by its own time, however late it came", () => {
    const one = rule({ evaluationPeriods: 1, datapointsToAlarm: 1 });
    const at = (value: number, time: number) => ({ value, at: time });
    expect(stateByData(one, [at(0, 99 * minute), at(1, now)], now, minute)).toBe("OK");
    const late = [at(1, 99 * minute), at(0, 90 * minute)];
    expect(stateByData(one, late, now, minute)).toBe("ALARM");
  });

  it.each([
    ["Maximum", "ALARM"],
    ["Minimum", "OK"],
    ["Average", "OK"],
    ["Sum", "ALARM"],
    ["SampleCount", "ALARM"],
  ] as const)("judges contradictory data of one period by their %s", (statistic, state) => {
    const one = rule({ evaluationPeriods: 1, datapointsToAlarm: 1, statistic });
    const both = [0, 1].map((value) => ({ value, at: 99 * minute + value }));
    expect(stateByData(one, both, now, minute)).toBe(state);
  });
});
