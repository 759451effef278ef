import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Pool } from "mysql2/promise";
import { TwoRegions } from "../tests/support/two-regions.ts";
import { Disturbances } from "./disturbances.ts";

/** `run.ts [--minutes N] [--json]`: load through rotations, flips and outages. Exit 1 for a lost write, a leak or a stop. */
const { values } = parseArgs({
  options: { minutes: { type: "string", default: "1" }, json: { type: "boolean", default: false } },
});
const until = Date.now() + Number(values.minutes) * 60_000;
const acknowledged: number[] = [];
const failures: Record<string, number> = {};
const unhandled: string[] = [];
process.on("unhandledRejection", (error) => unhandled.push(String(error)));
process.on("uncaughtException", (error) => unhandled.push(String(error)));

let nextId = 1;
let longestSilence = 0;
let during = "";
let lastAnswer = Date.now();

async function write(pool: Pool): Promise<void> {
  const id = nextId++;
  try {
    await pool.query("INSERT INTO written VALUES (?)", [id]);
    acknowledged.push(id);
    const silence = Date.now() - lastAnswer;
    if (silence > longestSilence) during = disturbances.current;
    longestSilence = Math.max(longestSilence, silence);
    lastAnswer = Date.now();
  } catch (error) {
    const { code = "unknown" } = error as { readonly code?: string };
    failures[code] = (failures[code] ?? 0) + 1;
  }
}

async function worker(pool: Pool): Promise<void> {
  while (Date.now() < until) {
    await write(pool);
    await sleep(5);
  }
}

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;

const regions = await TwoRegions.start();
const disturbances = new Disturbances(regions);
try {
  await regions.reset();
  const socketsBefore = sockets();
  const pool = regions.pool({
    connectionLimit: 6,
    deadlines: { connectMillis: 1_500, acquireMillis: 2_500, queryMillis: 1_000 },
  });
  lastAnswer = Date.now();
  const workers = Array.from({ length: 8 }, () => worker(pool));
  await sleep(2_000);
  const heapBefore = heap();
  while (Date.now() < until) await disturbances.next();
  await Promise.all(workers);
  const heapAfter = heap();
  await pool.end();
  await sleep(500);
  const stored = new Set<unknown>();
  for (const server of [regions.east, regions.west])
    for (const row of await server.admin("SELECT id FROM orders.written")) stored.add(row["id"]);
  const lost = acknowledged.filter((id) => !stored.has(id));
  // Ids of acknowledged writes are kept by this program: 8 bytes each, doubled while the list grows.
  const heapGrowthMegabytes = (heapAfter - heapBefore - acknowledged.length * 16) / 1e6;
  const leakedSockets = sockets() - socketsBefore;
  const report = {
    ok:
      lost.length === 0 &&
      unhandled.length === 0 &&
      leakedSockets <= 0 &&
      heapGrowthMegabytes < 10 &&
      longestSilence < 3_000,
    acknowledged: acknowledged.length,
    lost: lost.slice(0, 20),
    failures,
    disturbances: disturbances.counts,
    longestSilence: { milliseconds: longestSilence, during },
    heapGrowthMegabytes: Number(heapGrowthMegabytes.toFixed(2)),
    leakedSockets,
    unhandled: unhandled.slice(0, 5),
    callsToSecretsManager: regions.secrets.calls.length,
  };
  console.log(values.json ? JSON.stringify(report) : report);
  process.exitCode = report.ok ? 0 : 1;
} finally {
  await regions.stop();
}
