import { expect, it } from "vitest";
import type { Course, Move, SecretReading } from "../src/course.ts";
import type { WriteAttempt } from "../src/history.ts";
import {
  type CourseHistory,
  judgeCourse,
  writePauseSeconds,
} from "../src/invariants/course-checks.ts";

const [east, west] = ["us-east-1", "us-west-2"];
const firstEast = `orders-prod-1 in ${east}`;
const firstWest = `orders-prod-1 in ${west}`;
const secondEast = `orders-prod-2 in ${east}`;
const secondWest = `orders-prod-2 in ${west}`;

/** Seconds of the course; a write takes 10 ms. */
const write = (orderId: string, database: string, at: number, key = orderId): WriteAttempt => ({
  kind: "write",
  key,
  region: west,
  startedAt: at * 1000,
  endedAt: at * 1000 + 10,
  orderId,
  database,
  detail: undefined,
});
const reading = (
  reader: SecretReading["reader"],
  versionId: string,
  at: number,
): SecretReading => ({
  reader,
  region: west,
  versionId,
  startedAt: at * 1000,
  endedAt: at * 1000 + 10,
});
const answer = (at: number, value: string, resolved = true) => ({
  at: at * 1000,
  value,
  resolved,
  ttlSeconds: 5,
});

const first: Move = {
  kind: "failover",
  from: east,
  to: west,
  source: "orders-prod-1",
  target: "orders-prod-1",
  startedAt: 10_000,
  endedAt: 16_000,
};
const home: Move = {
  kind: "switchover",
  from: west,
  to: east,
  source: "orders-prod-1",
  target: "orders-prod-2",
  startedAt: 40_000,
  endedAt: 46_000,
};
const second: Move = {
  ...first,
  source: "orders-prod-2",
  target: "orders-prod-2",
  startedAt: 70_000,
  endedAt: 76_000,
};

const goodCourse: Course = {
  moves: [first, home, second],
  faults: [{ region: east, mode: "hang", startedAt: 10_000, endedAt: 20_000 }],
  secretReadings: [
    reading("store", "v1", 1),
    reading("application", "older than the first look", 2),
    reading("application", "v1", 3),
    reading("store", "v2", 30),
    reading("application", "v1", 31),
    reading("application", "v2", 45),
  ],
  repeated: [
    { stack: "prod-east", changed: false },
    { stack: "prod-west", changed: false },
  ],
  missing: ["b"],
  reportedDataLossSeconds: 0.2,
};
const good: CourseHistory = {
  attempts: [
    write("a", firstEast, 5),
    write("b", firstEast, 9.8),
    write("c", firstWest, 17),
    write("d", firstWest, 39.9),
    write("e", secondEast, 47),
    write("f", secondEast, 69),
    write("g", secondWest, 77),
  ],
  answers: [answer(1, "east"), answer(17, "west")],
  course: goodCourse,
  bounds: { lagSeconds: 2, staleSeconds: 8, secretSeconds: 10 },
};

const broken = (changes: Partial<Course>, more: CourseHistory["attempts"] = []): CourseHistory => ({
  ...good,
  attempts: [...good.attempts, ...more],
  course: { ...goodCourse, ...changes },
});
const failed = (history: CourseHistory) =>
  judgeCourse(history)
    .filter(({ ok }) => !ok)
    .map(({ id }) => id);

it("holds all seven for a course in which all went well", () => {
  expect(failed(good)).toEqual([]);
});

it("holds none of them for a course of which nothing was seen", () => {
  const course: Course = {
    moves: [],
    faults: [],
    secretReadings: [],
    repeated: [],
    missing: [],
    reportedDataLossSeconds: 0,
  };
  const results = judgeCourse({ ...good, attempts: [], answers: [], course });
  // Nothing was lost, and that was said: the second one is true of nothing as well.
  expect(results.filter(({ ok }) => ok).map(({ id }) => id)).toEqual([
    "i2-losses-are-young-and-admitted",
  ]);
});

it.each<[string, string, CourseHistory, ...string[]]>([
  [
    "i1-writers-keep-their-writes",
    "a write that the promoted database acknowledged is gone",
    broken({ missing: ["b", "c"] }),
    "i2-losses-are-young-and-admitted",
  ],
  [
    "i1-writers-keep-their-writes",
    "a switchover loses the last write before its fence",
    broken({ missing: ["d"] }),
    "i2-losses-are-young-and-admitted",
  ],
  [
    "i1-writers-keep-their-writes",
    "the last database forgets",
    broken({ missing: ["g"] }),
    "i2-losses-are-young-and-admitted",
  ],
  [
    "i2-losses-are-young-and-admitted",
    "a lost write is older than a replica may be behind",
    broken({ missing: ["a"], reportedDataLossSeconds: 60 }),
  ],
  [
    "i2-losses-are-young-and-admitted",
    "the report admits to less than was lost",
    broken({ reportedDataLossSeconds: 0.1 }),
  ],
  [
    "i2-losses-are-young-and-admitted",
    "an order is missing that nobody acknowledged",
    broken({ missing: ["b", "nobody's"] }),
  ],
  [
    "i3-one-database-takes-an-order",
    "both databases took it",
    broken({}, [write("h", firstEast, 9), write("h", firstWest, 18)]),
  ],
  [
    "i3-one-database-takes-an-order",
    "the old source takes an order after the move, when it returns",
    broken({}, [write("h", firstEast, 17)]),
  ],
  [
    "i3-one-database-takes-an-order",
    "the fenced source takes an order after a switchover",
    broken({}, [write("h", firstWest, 47)]),
  ],
  [
    "i4-nobody-writes-behind-a-move",
    "a client holds its connection to the old source for longer than allowed",
    broken({}, [write("h", firstEast, 25)]),
    "i3-one-database-takes-an-order",
  ],
  [
    "i4-nobody-writes-behind-a-move",
    "a write that was begun before the move is acknowledged long after it",
    broken({}, [{ ...write("h", firstWest, 39), endedAt: 60_000 }]),
  ],
  [
    "i5-name-is-never-absent",
    "one answer is NXDOMAIN",
    { ...good, answers: [...good.answers, answer(30, "NXDOMAIN", false)] },
  ],
  ["i5-name-is-never-absent", "nobody asked", { ...good, answers: [] }],
  [
    "i6-secrets-do-not-go-back",
    "the store itself gives an older version",
    broken({ secretReadings: [...goodCourse.secretReadings, reading("store", "v1", 60)] }),
  ],
  [
    "i6-secrets-do-not-go-back",
    "the application keeps an old version for longer than it may",
    broken({ secretReadings: [...goodCourse.secretReadings, reading("application", "v1", 60)] }),
  ],
  [
    "i6-secrets-do-not-go-back",
    "the application uses a version that was never current",
    broken({ secretReadings: [...goodCourse.secretReadings, reading("application", "v9", 60)] }),
  ],
  [
    "i7-repeats-change-nothing",
    "a repeated update changes something",
    broken({ repeated: [{ stack: "prod-west", changed: true }] }),
  ],
  ["i7-repeats-change-nothing", "nothing was repeated", broken({ repeated: [] })],
])("fails %s when %s", (id, _, history, ...others) => {
  const found = failed(history);
  expect(found).toContain(id);
  expect(found.filter((each) => each !== id && !others.includes(each))).toEqual([]);
});

it("measures a move's pause from the last write of the old database to the first of the new one", () => {
  expect(writePauseSeconds(good.attempts, home)).toBeCloseTo(7.1, 3);
  expect(writePauseSeconds(good.attempts, first)).toBeCloseTo(7.2, 3);
  expect(writePauseSeconds([], home)).toBeUndefined();
});
