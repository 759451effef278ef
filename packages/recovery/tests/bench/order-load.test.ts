import { expect, it } from "vitest";
import { longestPause } from "../../bench/order-load.ts";

it("takes the longest time between two acknowledged writes for the pause, and says when it ended", () => {
  expect(longestPause([1_000, 1_100, 4_600, 4_700])).toEqual({ seconds: 3.5, endedAt: 4_600 });
  expect(longestPause([1_000])).toEqual({ seconds: 0, endedAt: 1_000 });
});
