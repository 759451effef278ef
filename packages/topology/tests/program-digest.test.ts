import { expect, it } from "vitest";
import { programDigest } from "../src/program-digest.ts";

const digestOf = (...sources: readonly (readonly [string, string])[]) =>
  programDigest(new Map(sources));

it("is the same for the same sources in any order", async () => {
  const [one, other] = [
    ["infrastructure/index.ts", "a"],
    ["topology/index.ts", "b"],
  ] as const;
  expect(await digestOf(one, other)).toBe(await digestOf(other, one));
});

it.each([
  ["a text", ["i/a.ts", "2"]],
  ["a path", ["i/b.ts", "1"]],
] as const)("is another one when %s changes", async (_, changed) => {
  expect(await digestOf(changed)).not.toBe(await digestOf(["i/a.ts", "1"]));
});
