import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);
const document = readFileSync(new URL("SECURITY.md", root), "utf8");

/** `file`: "name of a test" */
const named = [...document.matchAll(/`([\w./-]+\.test\.ts)`: "([^"]+)"/g)].map(
  ([, file = "", name = ""]) => ({ file, name }),
);
const rows = document.split("\n").filter((line) => /^\| (?!threat|---)/.test(line));

describe("SECURITY.md", () => {
  it("names a test for every threat", () => {
    expect(rows.length).toBeGreaterThan(10);
    expect(named).toHaveLength(rows.length);
  });

  it.each(named)("names a test that exists: $name", ({ file, name }) => {
    const path = new URL(file, root);
    expect(existsSync(path), file).toBe(true);
    expect(readFileSync(path, "utf8")).toMatch(
      new RegExp(`\\b(it|test)\\b[\\s\\S]*"${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}"`),
    );
  });

  it.each([
    "CNAME is hijacked",
    "valid certificate",
    "state is stolen",
    "malicious or careless plan",
    "replayed",
    "machine is stolen",
  ])("speaks of: %s", (threat) => {
    expect(document).toContain(threat);
  });
});
