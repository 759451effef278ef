import { expect, it } from "vitest";
import { estimateTime } from "../src/live-drill/time-estimate.ts";

it("adds AWS's least and most to what was measured of ours", () => {
  const estimate = estimateTime({ lookSeconds: 1, previewSeconds: 4, recordTtlSeconds: 30 });
  expect(estimate.oursSeconds).toBe(9);
  const [least, most] = estimate.totalSeconds ?? [];
  const parts = [
    estimate.promotionSeconds,
    estimate.propagationSeconds,
    estimate.timeToLiveSeconds,
  ];
  expect(least).toBe(9 + parts.reduce((sum, [part]) => sum + part, 0));
  expect(most).toBe(9 + parts.reduce((sum, [, part]) => sum + part, 0));
  expect(estimate.timeToLiveSeconds[1]).toBe(30);
});

it("has no total when nothing of ours was measured", () => {
  expect(
    estimateTime({ lookSeconds: 1, previewSeconds: undefined, recordTtlSeconds: 30 }),
  ).toMatchObject({ oursSeconds: null, totalSeconds: null });
});

it("names where each of AWS's figures is from", () => {
  const { sources } = estimateTime({ lookSeconds: 1, previewSeconds: 1, recordTtlSeconds: 30 });
  for (const source of sources) expect(source).toMatch(/: https:\/\/docs\.aws\.amazon\.com\//);
});
