import { describe, expect, it } from "vitest";
import { assess, type Run } from "../../bench/assessment.ts";

const run = (cold: number, read = 1): Run => ({
  cold,
  cpuMillis: 100,
  reads: [read, read, 9],
  writes: [1, 1, 1],
});
const size = { floor: 1, bare: 100, ours: 102 };
const missed = (ours: readonly Run[], kilobytes = size) =>
  assess({ floor: [run(50)], bare: [run(200)], ours }, kilobytes)
    .filter(({ met }) => !met)
    .map(({ metric }) => metric);

describe("the benchmark's targets", () => {
  it("are met by what is as quick as the bare SDK and driver", () => {
    expect(missed([run(200)])).toEqual([]);
  });

  it("judge the median: one slow process decides nothing, two of three do", () => {
    expect(missed([run(200), run(900), run(200)])).toEqual([]);
    expect(missed([run(900), run(900), run(200)])).toEqual([
      "cold start to the first answer, median (ms)",
    ]);
  });

  it("are missed by a slow warm request and by a large bundle, each by its name", () => {
    expect(missed([run(200, 2)])).toEqual(["warm reads, p50 (ms)"]);
    expect(missed([run(200)], { ...size, ours: 104 })).toEqual(["bundle (kB)"]);
  });
});
