import type { FaultSpan } from "./course.ts";
import type { Evidence } from "./evidence.ts";
import { changesOf } from "./invariants/record-checks.ts";

/** Seconds since the first thing that was seen, and how often it happened in that second. */
type Point = readonly [second: number, count: number];

export interface Band {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What a drill's picture shows. All times are seconds since `startedAt`. */
export interface DrillSeries {
  readonly startedAt: number;
  readonly seconds: number;
  /** Acknowledged writes a second, by the database that took them. */
  readonly writes: Readonly<Record<string, readonly Point[]>>;
  readonly failures: readonly Point[];
  /** Seconds that a replica was behind, by its name; null where replication did not run. */
  readonly lags: Readonly<
    Record<string, readonly (readonly [second: number, lag: number | null])[]>
  >;
  /** The targets that the name had, each with the second of its first answer. */
  readonly answers: readonly (readonly [second: number, target: string])[];
  /** In which the Region was broken from outside. */
  readonly faults: readonly Band[];
  readonly phases: readonly Band[];
}

/** Undefined when no client had begun. */
export function drillSeries(evidence: Evidence): DrillSeries | undefined {
  const { attempts, answers, phases } = evidence;
  const times = [...attempts.map(({ startedAt }) => startedAt), ...answers.map(({ at }) => at)];
  if (times.length === 0) return undefined;
  const startedAt = times.reduce((least, time) => Math.min(least, time));
  const endedAt = attempts.reduce((most, each) => Math.max(most, each.endedAt), startedAt);
  const second = (time: number): number => (time - startedAt) / 1000;
  const seconds = Math.ceil(second(endedAt));
  const counted = (ends: readonly number[]) => perSecond(ends.map(second), seconds);
  const writes = attempts.filter((attempt) => attempt.kind === "write");
  const places = [...new Set(writes.flatMap(({ database }) => database ?? []))];
  return {
    startedAt,
    seconds,
    writes: Object.fromEntries(
      places.map((place) => [
        place,
        counted(writes.filter(({ database }) => database === place).map(({ endedAt: end }) => end)),
      ]),
    ),
    failures: counted(
      writes.filter(({ orderId }) => orderId === undefined).map(({ endedAt: end }) => end),
    ),
    lags: lagsOf(evidence, second),
    answers: changesOf(answers).map(({ at, value }) => [second(at), value]),
    faults: faultsOf(evidence).map((fault) => ({
      name: `${fault.region} is lost (${fault.mode})`,
      from: second(fault.startedAt),
      to: fault.endedAt === undefined ? seconds : second(fault.endedAt),
    })),
    phases: phases
      .map(({ name, startedAt: begin, seconds: length }) => {
        const from = second(Date.parse(begin));
        return { name, from, to: from + length };
      })
      .filter(({ to }) => to > 0),
  };
}

/** A replica that was not asked for a while was no replica, or nobody could ask: the line is broken there. */
const silenceMilliseconds = 5_000;

function lagsOf({ lags }: Evidence, second: (time: number) => number): DrillSeries["lags"] {
  const places = [...new Set(lags.map(({ database }) => database))];
  return Object.fromEntries(
    places.map((place) => {
      const own = lags.filter(({ database }) => database === place);
      return [
        place,
        own.flatMap(({ at, lagSeconds }, index) => {
          const before = own[index - 1]?.at ?? at;
          const gap = [second(before) + 0.001, null] as const;
          return [
            ...(at - before > silenceMilliseconds ? [gap] : []),
            [second(at), lagSeconds] as const,
          ];
        }),
      ];
    }),
  );
}

function faultsOf({ course, lossAt, lossMode, primaryRegion }: Evidence): readonly FaultSpan[] {
  if (course) return course.faults;
  return lossAt === undefined ? [] : [{ region: primaryRegion, mode: lossMode, startedAt: lossAt }];
}

function perSecond(times: readonly number[], seconds: number): readonly Point[] {
  const counts = Array.from({ length: seconds + 1 }, () => 0);
  for (const time of times) {
    const index = Math.floor(time);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, index) => [index, count]);
}
