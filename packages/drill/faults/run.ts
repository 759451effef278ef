import { parseArgs } from "node:util";
import { databasesUnderTest } from "@standby/local-cloud/testing";
import { dnsSwitches } from "@standby/topology";
import { coursesOf } from "./courses.ts";
import { type FaultRow, faultTableOf } from "./fault-table.ts";
import { matrixOf, matrixText } from "./matrix.ts";
import { coursesFor, runCourse } from "./run-courses.ts";
import type { Observed } from "./scenario.ts";

/**
 * `run.ts [--json] [--row 13,15] [--dns-switch health-check]`: the fault table, each fault injected from outside the process that has to bear it. Exit 1 when a row
 * does not hold, 2 for a row that is not in the table.
 */

const say = (line: string): void => void process.stderr.write(`faults  ${line}\n`);

function rowsAsked(text: string | undefined, table: readonly FaultRow[]): readonly number[] {
  const all = table.map(({ row }) => row);
  if (text === undefined) return all;
  const asked = text.split(",").map(Number);
  const unknown = asked.filter((row) => !all.includes(row));
  if (unknown.length === 0) return asked;
  say(`--row: the table has the rows 1 to ${all.length}`);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    json: { type: "boolean" },
    row: { type: "string" },
    "dns-switch": { type: "string", default: "record" },
  },
});
const dnsSwitch = dnsSwitches.find((each) => each === values["dns-switch"]);
if (!dnsSwitch) {
  say(`--dns-switch: one of ${dnsSwitches.join(", ")}`);
  process.exit(2);
}
const table = faultTableOf(dnsSwitch);
const rows = rowsAsked(values.row, table);
const [database] = await databasesUnderTest("one kind");
if (!database) throw new Error("this machine has no database server");
say(`on ${database.program.version}`);
const seen: Observed[] = [];
for (const course of coursesFor(coursesOf(dnsSwitch), rows))
  seen.push(...(await runCourse(course, { database, dnsSwitch }, say)));
const lines = matrixOf(
  table.filter(({ row }) => rows.includes(row)),
  seen,
);
process.stdout.write(
  values.json
    ? `${JSON.stringify({ schema: "standby.faults/1", dnsSwitch, database: database.program.version, rows: lines }, null, 2)}\n`
    : matrixText(lines),
);
process.exitCode = lines.some(({ held }) => held === "no") ? 1 : 0;
