import type { Course, Move } from "../course.ts";
import type { Answer } from "../dns-watch.ts";
import { type Acknowledgement, type Attempt, acknowledgements } from "../history.ts";
import { type CheckResult, count, some, type Verdict } from "./check.ts";

/*
 * What must be true of a whole course, whatever was broken in it, judged from what clients and resolvers saw: no look at a server, at a
 * state or at the tool's own words, but for the data loss that it claims.
 */

export interface CourseHistory {
  readonly attempts: readonly Attempt[];
  readonly answers: readonly Answer[];
  readonly course: Course;
  readonly bounds: CourseBounds;
}

export interface CourseBounds {
  /** How far back a failover may lose acknowledged writes: how far a replica was behind. */
  readonly lagSeconds: number;
  /** How long after a move a client may still reach the old database: the record's TTL and a connection's age. */
  readonly staleSeconds: number;
  /** How long the application may use a version of the secret that is current no more. */
  readonly secretSeconds: number;
}

type Judge = (history: CourseHistory) => Verdict;

/** I1: what a database acknowledged that was not lost is there at the end, whichever databases came after it. */
const writersKeepTheirWrites: Judge = ({ attempts, course }) => {
  const missing = new Set(course.missing);
  const kept = acknowledgements(attempts).filter((each) => !isBeforeLoss(each, course));
  const lost = kept.filter((each) => missing.has(each.orderId));
  return {
    ok: kept.length > 0 && lost.length === 0,
    detail:
      lost.length === 0
        ? `all ${kept.length} acknowledged by a database that was not lost are there`
        : `${count(lost.length, "order")} acknowledged and gone: ${some(lost.map((each) => each.orderId))}`,
  };
};

/** I2: a failover loses only the youngest writes, and the report admits to all of it. */
const lossesAreYoungAndAdmitted: Judge = ({ attempts, course, bounds }) => {
  const missing = new Set(course.missing);
  const lost = acknowledgements(attempts).filter((each) => missing.has(each.orderId));
  const ages = lost.map((each) => lossAge(each, course));
  const unknown = course.missing.length - new Set(lost.map(({ orderId }) => orderId)).size;
  if (unknown > 0)
    return { ok: false, detail: `${count(unknown, "missing order")} nobody acknowledged` };
  const oldest = Math.max(0, ...ages);
  if (oldest > bounds.lagSeconds)
    return {
      ok: false,
      detail: `a lost write is ${oldest.toFixed(2)} s older than the loss, more than the ${bounds.lagSeconds} s that a replica may be behind`,
    };
  return {
    // Milliseconds are rounded in the report.
    ok: course.reportedDataLossSeconds >= oldest - 0.001,
    detail: `${count(lost.length, "write")} lost, ${oldest.toFixed(2)} s at most; ${course.reportedDataLossSeconds.toFixed(2)} s reported`,
  };
};

/** I3: no order is taken by two databases, and none by a database after its fence. */
const oneDatabaseTakesAnOrder: Judge = ({ attempts, course }) => {
  const placesOf = new Map<string, Set<string>>();
  for (const { key, database } of acknowledgements(attempts))
    if (database !== undefined) placesOf.set(key, (placesOf.get(key) ?? new Set()).add(database));
  const twice = [...placesOf].filter(([, places]) => places.size > 1).map(([key]) => key);
  if (twice.length > 0) return { ok: false, detail: `taken by two databases: ${some(twice)}` };
  const behind = lateWrites(
    attempts,
    course.moves,
    (move, write) => write.startedAt > move.endedAt,
  );
  return {
    ok: placesOf.size > 0 && behind.length === 0,
    detail:
      behind.length === 0
        ? `each of ${count(placesOf.size, "order")} was taken by one database`
        : `${count(behind.length, "order")} taken by a fenced database: ${some(behind.map(({ key }) => key))}`,
  };
};

/** I4: once a move is over and old answers and connections have aged, no write reaches the database that was left. */
const nobodyWritesBehindAMove: Judge = ({ attempts, course, bounds }) => {
  const aged = bounds.staleSeconds * 1000;
  const late = lateWrites(
    attempts,
    course.moves,
    (move, write) => write.endedAt > move.endedAt + aged,
  );
  return {
    ok: course.moves.length > 0 && late.length === 0,
    detail:
      late.length === 0
        ? `no write in the database that was left, after ${count(course.moves.length, "move")}`
        : `${count(late.length, "write")} more than ${bounds.staleSeconds} s after a move: ${some(late.map(({ key }) => key))}`,
  };
};

/** I5: the name is never absent: resolvers remember an absence longer than an address. */
const nameIsNeverAbsent: Judge = ({ answers }) => {
  const absent = answers.filter((answer) => !answer.resolved);
  return {
    ok: answers.length > 0 && absent.length === 0,
    detail: `${count(answers.length, "question")}, ${absent.length} without a target`,
  };
};

/** Of a version that the store has not shown: older than all that it has. It may be used as long as nothing newer had to be known. */
const beforeAll = -1;

/** I6: no reader gets an older version of the secret than the one that was current when it asked. */
const secretsDoNotGoBack: Judge = ({ course: { secretReadings: readings }, bounds }) => {
  const stored = readings.filter(({ reader }) => reader === "store");
  const age = new Map<string, number>();
  for (const { versionId } of stored.toSorted((one, other) => one.endedAt - other.endedAt))
    if (!age.has(versionId)) age.set(versionId, age.size);
  const stale = readings.filter((reading) => {
    const allowed = reading.reader === "application" ? bounds.secretSeconds * 1000 : 0;
    const current = stored
      .filter(({ endedAt }) => endedAt < reading.startedAt - allowed)
      .reduce((newest, { versionId }) => Math.max(newest, age.get(versionId) ?? 0), beforeAll);
    return (age.get(reading.versionId) ?? beforeAll) < current;
  });
  return {
    ok: stored.length > 0 && stale.length === 0,
    detail:
      stale.length === 0
        ? `${count(readings.length, "reading")} of ${count(age.size, "version")}, none older than the current one`
        : `${count(stale.length, "reading")} of an older version: ${some(stale.map(({ versionId }) => versionId))}`,
  };
};

/** I7: what was done is done: the same command again finds nothing to do. */
const repeatsChangeNothing: Judge = ({ course: { repeated } }) => {
  const changed = repeated.filter((run) => run.changed).map(({ stack }) => stack);
  return {
    ok: repeated.length > 0 && changed.length === 0,
    detail:
      changed.length === 0
        ? `${count(repeated.length, "repeated update")}, no change`
        : `changed again: ${changed.join(", ")}`,
  };
};

const judges: readonly (readonly [id: string, judge: Judge])[] = [
  ["i1-writers-keep-their-writes", writersKeepTheirWrites],
  ["i2-losses-are-young-and-admitted", lossesAreYoungAndAdmitted],
  ["i3-one-database-takes-an-order", oneDatabaseTakesAnOrder],
  ["i4-nobody-writes-behind-a-move", nobodyWritesBehindAMove],
  ["i5-name-is-never-absent", nameIsNeverAbsent],
  ["i6-secrets-do-not-go-back", secretsDoNotGoBack],
  ["i7-repeats-change-nothing", repeatsChangeNothing],
];

/** The seven invariants, each judged whatever became of the others. */
export const judgeCourse = (history: CourseHistory): readonly CheckResult[] =>
  judges.map(([id, judge]) => ({ id, ...judge(history) }));

/** How long before its database's Region was lost it was acknowledged; infinite where no loss can excuse it. */
function lossAge(write: Acknowledgement, { moves }: Pick<Course, "moves">): number {
  const loss = lossOf(write, moves);
  if (!loss) return Number.POSITIVE_INFINITY;
  // An answer that was on its way when the Region went arrives after the loss.
  return Math.max(0, (loss.startedAt - write.endedAt) / 1000);
}

const isBeforeLoss = (write: Acknowledgement, { moves }: Pick<Course, "moves">): boolean =>
  lossOf(write, moves) !== undefined;

/** The failover that followed while its database was the writer. One that a switchover had left by then had been copied whole. */
const lossOf = ({ database, startedAt }: Acknowledgement, moves: readonly Move[]) =>
  moves.find(
    (move) =>
      move.kind === "failover" && databaseOf(move) === database && startedAt < move.startedAt,
  );

/** `<identifier> in <region>` of the database that a move left. */
const databaseOf = ({ source, from }: Move): string => `${source} in ${from}`;

const lateWrites = (
  attempts: readonly Attempt[],
  moves: readonly Move[],
  isLate: (move: Move, write: Acknowledgement) => boolean,
): readonly Acknowledgement[] =>
  acknowledgements(attempts).filter(({ database, ...write }) =>
    moves.some((move) => database === databaseOf(move) && isLate(move, { database, ...write })),
  );

/** The longest time without an acknowledged write from just before the move's start to its first write afterwards. */
export function writePauseSeconds(attempts: readonly Attempt[], move: Move): number | undefined {
  const target = `${move.target} in ${move.to}`;
  const writes = acknowledgements(attempts);
  const last = Math.max(
    ...writes
      .filter(({ database, endedAt }) => database === databaseOf(move) && endedAt <= move.endedAt)
      .map(({ endedAt }) => endedAt),
  );
  const first = Math.min(
    ...writes
      .filter(({ database, endedAt }) => database === target && endedAt >= move.startedAt)
      .map(({ endedAt }) => endedAt),
  );
  return Number.isFinite(first) && Number.isFinite(last) ? (first - last) / 1000 : undefined;
}
