import { describe, expect, it } from "vitest";
import { walkBlocks } from "../tools/doc-walk/blocks.ts";
import { difference } from "../tools/doc-walk/compare.ts";

const fenced = (info: string, ...lines: readonly string[]) =>
  [`\`\`\`${info}`, ...lines, "```"].join("\n");

describe("the blocks of a document", () => {
  it("are those that are marked, in order, each with the output right behind it", () => {
    const document = [
      "# Title",
      fenced("sh", "not this one"),
      fenced("sh walk", "standby status", "true"),
      "",
      fenced("text", "READY"),
      fenced("sh walk exit=3", "standby preflight"),
      "A sentence.",
      fenced("text", "not its output"),
    ].join("\n");
    expect(walkBlocks(document)).toEqual([
      { line: 5, commands: "standby status\ntrue", exitCode: 0, output: "READY" },
      { line: 13, commands: "standby preflight", exitCode: 3, output: undefined },
    ]);
  });

  it("may not be marked with a word that means nothing", () => {
    expect(() => walkBlocks(fenced("sh walk quickly", "true"))).toThrow(/line 1: .*exit=<code>/);
  });
});

describe("what came out", () => {
  it.each([
    ["a\nb", "a\nb\n\n"],
    ["done in … s", "done in 4.2 s"],
    ["a\n…\nz", "a\nb\nc\nz"],
    ["a\n…", "a\nb\nc"],
    ["…\nz", "z"],
    ["1 + 1 (?)", "1 + 1 (?)"],
  ])("is like %j when it is %j", (expected, actual) => {
    expect(difference(expected, actual)).toBeUndefined();
  });

  it.each([
    ["a\nb", "a\nc", /has: {2}b\nwhat came has: {5}c/],
    ["a", "a\nb", /nothing more\nwhat came has: {5}b/],
    ["a\nb", "a", /what came has: {5}nothing more/],
    ["a\n…\nz", "a\nb", /has: {2}z\nno line/],
    ["a.c", "abc", /a\.c/],
  ])("is not like %j when it is %j", (expected, actual, message) => {
    expect(difference(expected, actual)).toMatch(message);
  });
});
