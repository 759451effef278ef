import { parseArgs } from "node:util";
import { dnsSwitches } from "@standby/topology";
import { runDrill } from "../src/index.ts";
import { linesOf } from "./lines.ts";

/**
 * `run.ts [--clock aws]`: the same failover by the bare flag once by each way in which the name moves, one after the other, on
 * clouds of their own. Exit 1 when one of the two drills failed.
 */
const { values } = parseArgs({ options: { clock: { type: "string", default: "fast" } } });
if (values.clock !== "fast" && values.clock !== "aws") {
  process.stderr.write("--clock is fast or aws\n");
  process.exit(2);
}
for (const dnsSwitch of dnsSwitches) {
  const report = await runDrill({ clock: values.clock, dnsSwitch, course: "failover" });
  process.stdout.write(`${linesOf(dnsSwitch, report).join("\n")}\n`);
  if (report.ok) continue;
  process.stderr.write(`the drill with ${dnsSwitch} failed: ${report.summary}\n`);
  for (const { id, ok, detail } of report.checks)
    if (!ok) process.stderr.write(`  ${id}: ${detail}\n`);
  process.exitCode = 1;
}
