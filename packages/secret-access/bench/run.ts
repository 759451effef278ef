import { SecretsEndpoint } from "../tests/support/secrets-endpoint.ts";
import { cachedGets, canned, firstGets, heap, outages } from "./reading.ts";
import { printRows, type Row } from "./row.ts";

const asJson = process.argv.includes("--json");
const note = (text: string): void => {
  if (!asJson) console.error(text);
};

const endpoint = await SecretsEndpoint.start(canned);
const rows: Row[] = [];
note("cached gets");
rows.push(...(await cachedGets(endpoint)));
note("heap");
rows.push(await heap(endpoint));
note("first gets");
rows.push(await firstGets(endpoint));
note("outages");
rows.push(...(await outages(endpoint)));
await endpoint.stop();

console.log(asJson ? JSON.stringify({ node: process.version, rows }, null, 2) : printRows(rows));
process.exitCode = rows.every(({ met, explained }) => met || explained) ? 0 : 1;
