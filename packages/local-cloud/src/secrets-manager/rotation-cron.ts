const monthNames = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const dayNames = "SUN MON TUE WED THU FRI SAT".split(" ");
const searchDays = 366 * 5;
const dayMilliseconds = 86_400_000;

interface Field {
  readonly first: number;
  readonly last: number;
  /** Names of the values, from `first` on. */
  readonly names?: readonly string[];
}

const fields = {
  hour: { first: 0, last: 23 },
  monthDay: { first: 1, last: 31 },
  month: { first: 1, last: 12, names: monthNames },
  // Sunday is 1.
  weekDay: { first: 1, last: 7, names: dayNames },
  year: { first: 1970, last: 2199 },
} as const satisfies Readonly<Record<string, Field>>;

/** Undefined for a text that names no value of the field. */
function fieldValue(text: string, { first, last, names }: Field): number | undefined {
  const named = names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= first && value <= last ? value : undefined;
}

/** `*`, `?`, `5`, `1,3`, `1-5`, `0/8`: the values, or undefined for a text that is no such list. */
function valuesOf(text: string, field: Field): ReadonlySet<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [, range = "", step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const isAny = range === "*" || range === "?";
    const [from, to] = isAny ? [field.first, field.last] : range.split("-");
    const start = isAny ? field.first : fieldValue(String(from), field);
    const end = isAny
      ? field.last
      : to === undefined
        ? step === undefined
          ? start
          : field.last
        : fieldValue(String(to), field);
    if (start === undefined || end === undefined || Number(step ?? 1) < 1) return undefined;
    for (let value = start; value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

interface Cron {
  readonly hours: ReadonlySet<number>;
  isDay(date: Date): boolean;
}

/** `6#2`: the second Friday. `6L`: the last one. */
function namedWeekDay(text: string): ((date: Date) => boolean) | undefined {
  const [, day = "", nth] = /^([1-7]|[A-Z]{3})(?:#([1-5])|L)$/.exec(text) ?? [];
  const wanted = fieldValue(day, fields.weekDay);
  if (wanted === undefined) return undefined;
  return (date) => {
    const monthDay = date.getUTCDate();
    const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0));
    const isNth =
      nth === undefined
        ? monthDay > lastDay.getUTCDate() - 7
        : Math.ceil(monthDay / 7) === Number(nth);
    return isNth && date.getUTCDay() + 1 === wanted;
  };
}

function weekDayTest(text: string): ((date: Date) => boolean) | undefined {
  const named = namedWeekDay(text);
  if (named) return named;
  const days = valuesOf(text, fields.weekDay);
  return days && ((date) => days.has(date.getUTCDay() + 1));
}

function monthDayTest(text: string): ((date: Date) => boolean) | undefined {
  if (text === "L") return (date) => new Date(date.getTime() + dayMilliseconds).getUTCDate() === 1;
  const days = valuesOf(text, fields.monthDay);
  return days && ((date) => days.has(date.getUTCDate()));
}

/** Minutes are always 0, and one of the two day fields is `?`, as Secrets Manager demands. */
function parse(expression: string): Cron | undefined {
  const [, inside = ""] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const [minute, hour = "", monthDay = "", month = "", weekDay = "", year = "", ...rest] =
    inside.split(" ");
  if (minute !== "0" || rest.length > 0 || (monthDay === "?") === (weekDay === "?"))
    return undefined;
  const hours = valuesOf(hour, fields.hour);
  const months = valuesOf(month, fields.month);
  const years = valuesOf(year, fields.year);
  const isMonthDay = monthDayTest(monthDay);
  const isWeekDay = weekDayTest(weekDay);
  if (!hours || !months || !years || !isMonthDay || !isWeekDay) return undefined;
  return {
    hours,
    isDay: (date) =>
      years.has(date.getUTCFullYear()) &&
      months.has(date.getUTCMonth() + 1) &&
      isMonthDay(date) &&
      isWeekDay(date),
  };
}

export const isCron = (expression: string): boolean => parse(expression) !== undefined;

/** The first full hour after a moment that the expression names, in UTC; undefined when none comes in five years. */
export function cronDate(expression: string, after: Date): Date | undefined {
  const cron = parse(expression);
  const midnight = new Date(after).setUTCHours(0, 0, 0, 0);
  for (let day = 0; cron && day < searchDays; day += 1) {
    const date = new Date(midnight + day * dayMilliseconds);
    if (!cron.isDay(date)) continue;
    for (const hour of [...cron.hours].sort((one, other) => one - other)) {
      const due = new Date(date.getTime() + hour * 3_600_000);
      if (due > after) return due;
    }
  }
  return undefined;
}
