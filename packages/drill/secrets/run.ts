import { parseArgs } from "node:util";
import { scannedDrill } from "./scanned-drill.ts";

/**
 * `run.ts [--course failover] [--rotate]`: a whole drill, then a search of all that it left for every password that was ever set. Exit 1
 * when one is found, when the drill failed, or when the scan missed one that it had planted itself.
 */
const { values } = parseArgs({
  options: { course: { type: "string", default: "cycle" }, rotate: { type: "boolean" } },
});
if (values.course !== "cycle" && values.course !== "failover") {
  process.stderr.write("--course is cycle or failover\n");
  process.exit(2);
}
const { drillOk, failure, passwords, places, leaks, planted } = await scannedDrill({
  course: values.course,
  rotate: values.rotate === true,
});
const kinds = Object.entries(planted);
const lines = [
  `${passwords} passwords were set, ${places} texts searched (outputs, plans, state, logs, reports, command lines, files; no binary log of MariaDB, which has statements as they were typed)`,
  ...kinds.map(
    ([kind, found]) =>
      `${found ? "ok  " : "FAIL"}  planted in: ${kind}  ${found ? "found" : "NOT FOUND: the scan is blind for it"}`,
  ),
  ...(drillOk
    ? []
    : [
        `THE DRILL FAILED, what it would have printed was not seen: ${failure ?? "a check did not hold"}`,
      ]),
  ...leaks.map(
    ({ place, password, encoding }) => `LEAK  password ${password} (${encoding}) in ${place}`,
  ),
  ...(leaks.length === 0 ? ["no other was found"] : []),
];
process.stdout.write(`${lines.join("\n")}\n`);
const sees = kinds.length > 0 && kinds.every(([, found]) => found);
process.exitCode = leaks.length === 0 && sees && drillOk && passwords > 0 ? 0 : 1;
