import { readFileSync } from "node:fs";
import { dnsSwitches } from "@standby/topology";
import { describe, expect, it } from "vitest";
import { coursesOf } from "../../faults/courses.ts";
import { faultTableOf } from "../../faults/fault-table.ts";

const root = new URL("../../../../", import.meta.url);
describe.each(dnsSwitches)("the fault table with dnsSwitch %s", (dnsSwitch) => {
  const faultTable = faultTableOf(dnsSwitch);
  const shownBy = coursesOf(dnsSwitch).flatMap(({ scenarios }) =>
    scenarios.flatMap(({ rows }) => rows),
  );

  it("has the 48 rows, each one once", () => {
    expect(faultTable.map(({ row }) => row)).toEqual(Array.from({ length: 48 }, (_, n) => n + 1));
  });

  it("has exactly one scenario for each row that one is to show, and none for any other", () => {
    const claimed = faultTable.filter(({ proof }) => proof.by === "scenario").map(({ row }) => row);
    expect([...shownBy].sort((one, other) => one - other)).toEqual(claimed);
  });

  it.each(faultTable.flatMap(({ row, proof }) => (proof.by === "test" ? [{ row, ...proof }] : [])))(
    "names a test for row $row that is there",
    ({ file, name }) => {
      const titles = readFileSync(new URL(file, root), "utf8");
      expect(titles).toMatch(/\b(it|test|describe)\b/);
      expect(titles.includes(`${name}"`), `${file} has no test of that name`).toBe(true);
    },
  );
});
