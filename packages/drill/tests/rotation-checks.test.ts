import { describe, expect, it } from "vitest";
import type { Evidence } from "../src/evidence.ts";
import type { Known } from "../src/invariants/check.ts";
import { rotationsFailNoRequest } from "../src/invariants/rotation-checks.ts";
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
