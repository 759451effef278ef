import { describe, expect, it } from "vitest";
import type { Evidence } from "../src/evidence.ts";
import { givenUp } from "../src/history.ts";
import type { Known } from "../src/invariants/check.ts";
import {
  courseRotationsFailNoRequest,
  rotationsFailNoRequest,
} from "../src/invariants/rotation-checks.ts";
import { cycleEvidence } from "./cycle-evidence.ts";
import {
  goodEvidence,
  lossAt,
  primaryRegion,
  read,
  recoveryRegion,
  write,
} from "./good-evidence.ts";

const rotation = (region: string, at: number) => ({
  region,
  startedAt: lossAt + at,
  endedAt: lossAt + at + 500,
});
const evidence: Known<"rotations"> = {
  ...goodEvidence(),
  attempts: [
    write("o-1", primaryRegion, -2000),
    write(undefined, primaryRegion, 100),
    write("o-2", recoveryRegion, 4000),
  ],
  rotations: [rotation(primaryRegion, -3000), rotation(recoveryRegion, 5000)],
};
const judged = (more: Partial<Evidence>) => rotationsFailNoRequest({ ...evidence, ...more });

describe("a drill that rotates", () => {
  it("holds when nothing failed but what the outage failed", () => {
    expect(judged({})).toMatchObject({ ok: true });
  });

  it.each([
    ["before the loss", write(undefined, primaryRegion, -500)],
    ["after the takeover", write(undefined, recoveryRegion, 4500)],
  ])("fails for a write that was not acknowledged %s", (_when, attempt) => {
    expect(judged({ attempts: [...evidence.attempts, attempt] })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("1 request failed"),
    });
  });

  it("fails for a read that failed after the takeover", () => {
    const attempts = [...evidence.attempts, read("o-1", recoveryRegion, 4500, "failed")];
    expect(judged({ attempts }).ok).toBe(false);
  });

  it.each([primaryRegion, recoveryRegion])("fails when nothing was rotated in %s", (region) => {
    const rotations = evidence.rotations.filter((each) => each.region !== region);
    expect(judged({ rotations }).ok).toBe(false);
  });
});

describe("a whole course that rotates", () => {
  const course = {
    ...cycleEvidence(),
    rotations: [
      rotation(primaryRegion, -3000),
      rotation(recoveryRegion, 9000),
      rotation(primaryRegion, 25_000),
      rotation(recoveryRegion, 38_000),
    ],
  };
  const judgedCourse = (more: Partial<Evidence>) =>
    courseRotationsFailNoRequest({ ...course, ...more });

  it("holds when each Region that had the writes rotated, and says what it does not count", () => {
    expect(judgedCourse({})).toMatchObject({
      ok: true,
      detail: expect.stringMatching(
        /1 in us-east-1, then 1 in us-west-2.*not counted: \d+ requests?/,
      ),
    });
  });

  it.each([0, 1, 2, 3])("fails when nothing was rotated in stretch %i", (index) => {
    const rotations = course.rotations.toSpliced(index, 1);
    expect(judgedCourse({ rotations }).ok).toBe(false);
  });

  it("fails for a rotation in a Region without the writes", () => {
    const rotations = [...course.rotations, rotation(primaryRegion, 12_000)];
    expect(judgedCourse({ rotations }).ok).toBe(false);
  });

  it("fails for a request that failed outside the moves' pauses", () => {
    const attempts = [...course.attempts, write(undefined, recoveryRegion, 15_000)];
    expect(judgedCourse({ attempts })).toMatchObject({
      ok: false,
      detail: expect.stringContaining("1 request failed"),
    });
  });

  it("leaves out what a client gave up itself", () => {
    const turned = { ...write(undefined, recoveryRegion, 15_000), detail: givenUp };
    expect(judgedCourse({ attempts: [...course.attempts, turned] }).ok).toBe(true);
  });
});
