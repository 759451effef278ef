import { describe, expect, it } from "vitest";
import { linesOf, print, targetsOf, type Update } from "../../growth/assessment.ts";

const kinds = ["first", "no-op"] as const;

/** Every update of a program whose cost is given by the number of secrets. */
const updatesOf = (
  subject: Update["subject"],
  seconds: (secrets: number) => number,
): readonly Update[] =>
  [1, 50, 500].flatMap((secrets) =>
    kinds.map((kind) => ({
      subject,
      secrets,
      kind,
      seconds: 2 * seconds(secrets),
      processorSeconds: seconds(secrets),
      peakMegabytes: 100 + secrets,
    })),
  );

const missed = (updates: readonly Update[]): readonly string[] =>
  targetsOf(linesOf(updates))
    .filter(({ met }) => !met)
    .map(({ name }) => name);

const linear = (secrets: number): number => 2 + secrets / 10;

describe("the assessment of growth", () => {
  it("is content with a component that costs as much as the bare program and grows linearly", () => {
    expect(missed([...updatesOf("component", linear), ...updatesOf("bare", linear)])).toEqual([]);
  });

  it("misses when a no-op update takes more than a tenth longer than the bare program's", () => {
    const slower = updatesOf("component", (secrets) => 1.2 * linear(secrets));
    expect(missed([...slower, ...updatesOf("bare", linear)])).toEqual([
      "no-op up of 1: time against bare",
      "no-op up of 50: time against bare",
      "no-op up of 500: time against bare",
    ]);
  });

  it("misses when the cost of one more secret rises with their number", () => {
    const square = (secrets: number): number => secrets ** 2 / 1_000;
    expect(missed([...updatesOf("component", square), ...updatesOf("bare", square)])).toEqual([
      "first up: growth of time",
      "no-op up: growth of time",
    ]);
  });

  it("counts the best round of each kind", () => {
    const disturbed = updatesOf("component", (secrets) => 3 * linear(secrets));
    const updates = [...disturbed, ...updatesOf("component", linear), ...updatesOf("bare", linear)];
    expect(missed(updates)).toEqual([]);
  });

  it("prints every size with its figures and every target with its limit", () => {
    const updates = [...updatesOf("component", linear), ...updatesOf("bare", linear)];
    const lines = linesOf(updates);
    const text = print(lines, targetsOf(lines));
    expect(text).toMatch(/^500 no-op +104\.00 +52\.00 +600 +104\.00 +52\.00 +600$/m);
    expect(text).toMatch(/^met +no-op up of 500: time against bare: 1\.00, at most 1\.1$/m);
  });
});
