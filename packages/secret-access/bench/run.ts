import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { SecretsEndpoint } from "../tests/support/secrets-endpoint.ts";
import { TwoRegions } from "../tests/support/two-regions.ts";
import { bundles } from "./bundles.ts";
import { flips, overhead } from "./flips.ts";
import { cachedGets, canned, firstGets, heap, outages, silentFirstGet } from "./reading.ts";
import { refusedLogins, rotations, serveOverHttp } from "./rotation.ts";
import { printRows, type Row } from "./row.ts";

/**
 * `run.ts [--json] [--only <section>]`: this package and its peers, measured in one run. Exit 1 when a target is missed without
 * an explanation.
 */
const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string" } },
});
process.env["AWS_ACCESS_KEY_ID"] = "test";
process.env["AWS_SECRET_ACCESS_KEY"] = "test";
const endpoint = await SecretsEndpoint.start(canned);
const regions = await TwoRegions.start();
const ground = { regions, endpoint };
const loadBefore = loadavg()[0];
const sections: Readonly<Record<string, () => Promise<Row | Row[]>>> = {
  // Before the peers have filled this process with their timers and sockets.
  overhead: () => overhead(ground),
  "cached gets": () => cachedGets(endpoint),
  heap: () => heap(endpoint),
  "first gets": () => firstGets(endpoint),
  outages: () => outages(endpoint),
  "silent first get": () => silentFirstGet(endpoint),
  bundles: () => bundles(endpoint),
  rotations: () => rotations(ground),
  "refused logins": () => refusedLogins(ground),
  flips: () => {
    serveOverHttp(ground);
    return flips(ground);
  },
};
const rows: Row[] = [];
try {
  for (const [name, section] of Object.entries(sections)) {
    if (values.only && values.only !== name) continue;
    console.error(`measuring ${name}`);
    rows.push(...[await section()].flat());
  }
} finally {
  await endpoint.stop();
  await regions.stop();
}
const where = {
  node: process.version,
  processors: availableParallelism(),
  database: regions.database.program.version,
  // Above one, other work took part in every time below.
  loadBefore,
};
console.log(
  values.json
    ? JSON.stringify({ ...where, rows }, null, 2)
    : `${JSON.stringify(where)}\n${printRows(rows)}`,
);
// Peers leave timers and sockets behind that would hold the process.
process.exit(rows.every(({ met, explained }) => met || explained) ? 0 : 1);
