import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { withTables } from "../tools/decision-table.ts";

const document = readFileSync(
  resolve(import.meta.dirname, "../../../docs/configuration.md"),
  "utf8",
);

describe("docs/configuration.md", () => {
  it("prints the decisions that the program takes (npx nx decision-table infrastructure)", () => {
    expect(withTables(document)).toBe(document);
  });

  it("is not written without its marks", () => {
    expect(() => withTables("no marks")).toThrow("decision-table-recovery");
  });
});
