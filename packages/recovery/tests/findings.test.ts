import { readFileSync } from "node:fs";
import { nativeAlarms, watchedFindings } from "@standby/topology";
import { describe, expect, it } from "vitest";
import { exampleFindings } from "../src/findings/examples.ts";

const everyFinding = exampleFindings();
const runbook = readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8");
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf("\n")), section]),
);

it("has a section of the runbook for each code, and no other", () => {
  expect([...sections.keys()].sort()).toEqual(everyFinding.map(({ code }) => code).sort());
});

it("tells each finding that an alarm is named after", () => {
  const codes = everyFinding.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining([...watchedFindings, ...nativeAlarms]));
});

describe.each(everyFinding)("$code", ({ code, message, remedy, runbook: link }) => {
  it("is explained in four parts", () => {
    expect(link).toBe(`docs/runbook.md#${code}`);
    const parts = [...(sections.get(code) ?? "").matchAll(/^- \*\*(\w+)\*\*: \S/gm)];
    expect(parts.map(([, part]) => part)).toEqual(["Meaning", "Impact", "Diagnosis", "Mitigation"]);
  });

  it("has a message without a capital or full stop, and at least one command to type", () => {
    expect(message).toMatch(/[^.]$/);
    expect(message).not.toContain("undefined");
    expect(remedy.length).toBeGreaterThan(0);
    for (const command of remedy) expect(command).toMatch(/^(standby|pulumi|aws|git) /);
  });
});

it("never deletes a database by itself, nor tells anybody to", () => {
  for (const { remedy } of everyFinding)
    expect(remedy.join("\n")).not.toMatch(/delete-db|pulumi destroy|remove-regions/);
});
