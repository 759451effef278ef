import { describe, expect, it } from "vitest";
import { coursesFor } from "../../faults/run-courses.ts";
import type { Scenario } from "../../faults/scenario.ts";

const scenario = (rows: readonly number[], more: Partial<Scenario> = {}): Scenario => ({
  rows,
  run: async () => [],
  ...more,
});
const courses = [
  {
    name: "first",
    scenarios: [
      scenario([1]),
      scenario([2, 3], { isOneWay: true }),
      scenario([4], { isOneWay: true }),
    ],
  },
  { name: "second", scenarios: [scenario([5])] },
];
const chosen = (rows: readonly number[]) =>
  coursesFor(courses, rows).map(({ name, scenarios }) => [
    name,
    ...scenarios.flatMap((each) => each.rows),
  ]);

describe("the courses for some rows", () => {
  it("leave out scenarios and pairs that nobody asked for", () => {
    expect(chosen([1])).toEqual([["first", 1]]);
    expect(chosen([5, 3])).toEqual([
      ["first", 2, 3],
      ["second", 5],
    ]);
  });

  it("keep the one-way scenarios on the way to a later one", () => {
    expect(chosen([4])).toEqual([["first", 2, 3, 4]]);
  });
});
