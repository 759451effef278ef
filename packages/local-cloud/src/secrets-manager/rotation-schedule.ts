import type { RotationRulesType } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../service.ts";
import { cronDate, isCron } from "./rotation-cron.ts";
import { invalidParameter } from "./secret.ts";

const hourMilliseconds = 3_600_000;
const dayMilliseconds = 24 * hourMilliseconds;
const longestDays = 1000;
const shortestHours = 4;

const validation = (detail: string): AwsError =>
  new AwsError("ValidationException", `1 validation error detected: ${detail}`);

/** `rate(10 days)`, `rate(1 day)`, `rate(6 hours)`: the milliseconds, or undefined. */
function rateOf(expression: string): number | undefined {
  const [, count = "", unit] = /^rate\((\d+) (hours?|days?)\)$/.exec(expression) ?? [];
  if (unit === undefined) return undefined;
  return Number(count) * (unit.startsWith("hour") ? hourMilliseconds : dayMilliseconds);
}

function checkExpression(expression: string): void {
  const rate = rateOf(expression);
  const isRate =
    rate !== undefined &&
    rate >= shortestHours * hourMilliseconds &&
    rate <= longestDays * dayMilliseconds;
  if (!isRate && !isCron(expression))
    throw invalidParameter(`The ScheduleExpression ${expression} is not valid.`);
}

/** Throws AWS's refusals of a schedule that cannot be kept. */
export function checkRules(rules: RotationRulesType): void {
  const { AutomaticallyAfterDays: days, Duration, ScheduleExpression: expression } = rules;
  if (days !== undefined && (days < 1 || days > longestDays))
    throw validation(
      `Value '${days}' at 'rotationRules.automaticallyAfterDays' failed to satisfy constraint: Member must have value ${days < 1 ? "greater than or equal to 1" : `less than or equal to ${longestDays}`}`,
    );
  if (Duration !== undefined && !/^\d{1,2}h$/.test(Duration))
    throw validation(
      `Value '${Duration}' at 'rotationRules.duration' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9h]+`,
    );
  if (days !== undefined && expression !== undefined)
    throw invalidParameter(
      "You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules.",
    );
  if (expression !== undefined) checkExpression(expression);
}

/** When a rotation is due after a moment; undefined without a schedule. AWS rotates within a window that begins then. */
export function nextRotation(rules: RotationRulesType | undefined, after: Date): Date | undefined {
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression } = rules ?? {};
  if (days !== undefined) return new Date(after.getTime() + days * dayMilliseconds);
  if (expression === undefined) return undefined;
  const rate = rateOf(expression);
  return rate === undefined ? cronDate(expression, after) : new Date(after.getTime() + rate);
}
