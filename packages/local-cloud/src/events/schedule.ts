import { AwsError } from "../service.ts";

const unitMinutes = { minute: 1, hour: 60, day: 1440 } as const;

/**
 * The minutes of a `rate(…)`. The unit is singular for one and plural for more.
 *
 * @throws AwsError `ValidationException` as EventBridge refuses it; `NotModelled` for `cron(…)`
 */
export function rateMinutes(expression: string): number {
  if (expression.startsWith("cron("))
    throw new AwsError("NotModelled", "NotModelled: EventBridge.PutRule with cron", 501);
  const [, count = "", unit = "", plural = ""] =
    /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  if (unit === "" || (count === "1") !== (plural === ""))
    throw new AwsError("ValidationException", "Parameter ScheduleExpression is not valid.");
  return Number(count) * unitMinutes[unit as keyof typeof unitMinutes];
}
