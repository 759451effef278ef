import { describe, expect, test } from "vitest";
import { checkRules, nextRotation } from "../../src/secrets-manager/rotation-schedule.ts";

// A Tuesday.
const now = new Date("2026-11-24T08:30:00Z");
const next = (expression: string) =>
  nextRotation({ ScheduleExpression: expression }, now)?.toISOString().slice(0, 13);

describe("the next rotation", () => {
  test("is a number of days on", () => {
    expect(nextRotation({ AutomaticallyAfterDays: 30 }, now)).toEqual(
      new Date("2026-12-24T08:30:00Z"),
    );
  });

  test("has no date without a schedule", () => {
    expect(nextRotation(undefined, now)).toBeUndefined();
    expect(nextRotation({ Duration: "2h" }, now)).toBeUndefined();
  });

  test.each([
    ["rate(1 day)", "2026-11-25T08"],
    ["rate(10 days)", "2026-12-04T08"],
    ["rate(6 hours)", "2026-11-24T14"],
    ["cron(0 8 * * ? *)", "2026-11-25T08"],
    ["cron(0 9 * * ? *)", "2026-11-24T09"],
    ["cron(0 0/8 * * ? *)", "2026-11-24T16"],
    ["cron(0 12 ? * SUN *)", "2026-11-29T12"],
    ["cron(0 4 ? * MON-FRI *)", "2026-11-25T04"],
    ["cron(0 16 1,15 * ? *)", "2026-12-01T16"],
    ["cron(0 1 L * ? *)", "2026-11-30T01"],
    ["cron(0 1 ? * 6#2 *)", "2026-12-11T01"],
    ["cron(0 1 ? * 6L *)", "2026-11-27T01"],
    ["cron(0 0 1 JAN,JUL ? *)", "2027-01-01T00"],
    ["cron(0 0 29 2 ? *)", "2028-02-29T00"],
  ])("of %s is %s", (expression, expected) => {
    expect(next(expression)).toBe(expected);
  });
});

test.each([
  [{ AutomaticallyAfterDays: 0 }, "ValidationException"],
  [{ AutomaticallyAfterDays: 1001 }, "ValidationException"],
  [{ AutomaticallyAfterDays: 1, Duration: "soon" }, "ValidationException"],
  [{ AutomaticallyAfterDays: 1, ScheduleExpression: "rate(1 day)" }, "InvalidParameterException"],
  [{ ScheduleExpression: "rate(3 hours)" }, "InvalidParameterException"],
  [{ ScheduleExpression: "rate(1001 days)" }, "InvalidParameterException"],
  [{ ScheduleExpression: "every day" }, "InvalidParameterException"],
  [{ ScheduleExpression: "cron(30 8 * * ? *)" }, "InvalidParameterException"],
  [{ ScheduleExpression: "cron(0 24 * * ? *)" }, "InvalidParameterException"],
  [{ ScheduleExpression: "cron(0 8 * * * *)" }, "InvalidParameterException"],
  [{ ScheduleExpression: "cron(0 8 ? * FUN *)" }, "InvalidParameterException"],
])("the rules %j are refused with %s", (rules, code) => {
  expect(() => checkRules(rules)).toThrow(expect.objectContaining({ code }));
});

test.each([
  { AutomaticallyAfterDays: 1000 },
  { AutomaticallyAfterDays: 1, Duration: "3h" },
  { ScheduleExpression: "rate(4 hours)" },
  { ScheduleExpression: "cron(0 8 ? * 2#1 *)" },
])("the rules %j are taken", (rules) => {
  expect(() => checkRules(rules)).not.toThrow();
});
