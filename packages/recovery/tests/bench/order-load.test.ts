import { expect, it } from "vitest";
import { longestPauseSeconds } from "../../bench/order-load.ts";

it("takes the longest time between two acknowledged writes for the pause", () => {
  expect(longestPauseSeconds([1_000, 1_100, 4_600, 4_700])).toBe(3.5);
  expect(longestPauseSeconds([1_000])).toBe(0);
});
