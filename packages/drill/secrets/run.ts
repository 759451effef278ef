import { parseArgs } from "node:util";
import { scannedDrill } from "./scanned-drill.ts";

/**
 * `run.ts [--course failover]`: a whole drill, then a search of all that it left for every password that was ever set. Exit 1 when one is
 * found, when the drill failed, or when the scan missed the one that it had planted itself.
 */
const { values } = parseArgs({ options: { course: { type: "string", default: "cycle" } } });
if (values.course !== "cycle" && values.course !== "failover") {
  process.stderr.write("--course is cycle or failover\n");
  process.exit(2);
}
const { drillOk, failure, passwords, places, leaks, foundPlanted } = await scannedDrill(
  values.course,
);
const lines = [
  `${passwords} passwords were set, ${places} texts searched (outputs, plans, state, logs, reports, command lines, files)`,
  `the planted one ${foundPlanted ? "was found" : "WAS NOT FOUND: this scan proves nothing"}`,
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
process.exitCode = leaks.length === 0 && foundPlanted && drillOk && passwords > 0 ? 0 : 1;
