import { SecretsEndpoint } from "../tests/support/secrets-endpoint.ts";
import { TwoRegions } from "../tests/support/two-regions.ts";
import { bundles } from "./bundles.ts";
import { flips, overhead } from "./flips.ts";
import { cachedGets, canned, firstGets, heap, outages } from "./reading.ts";
import { rotations } from "./rotation.ts";
import { printRows, type Row } from "./row.ts";

/** `run.ts [--json]`: this package and its peers, measured in one run. Exit 1 when a target is missed without an explanation. */
const asJson = process.argv.includes("--json");
const endpoint = await SecretsEndpoint.start(canned);
const regions = await TwoRegions.start();
const sections: Readonly<Record<string, () => Promise<Row | Row[]>>> = {
  "cached gets": () => cachedGets(endpoint),
  heap: () => heap(endpoint),
  "first gets": () => firstGets(endpoint),
  outages: () => outages(endpoint),
  bundles: () => bundles(endpoint),
  rotations: () => rotations(regions),
  flips: () => flips(regions),
  overhead: () => overhead(regions),
};
const rows: Row[] = [];
try {
  for (const [name, section] of Object.entries(sections)) {
    console.error(`measuring ${name}`);
    rows.push(...[await section()].flat());
  }
} finally {
  await endpoint.stop();
  await regions.stop();
}
const where = {
  node: process.version,
  processors: (await import("node:os")).availableParallelism(),
};
console.log(asJson ? JSON.stringify({ ...where, rows }, null, 2) : printRows(rows));
process.exitCode = rows.every(({ met, explained }) => met || explained) ? 0 : 1;
