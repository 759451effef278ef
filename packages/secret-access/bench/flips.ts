import { setTimeout as sleep } from "node:timers/promises";
import { type TwoRegions, westHost } from "../tests/support/two-regions.ts";
import {
  type Database,
  type Ground,
  openOurs,
  openPlain,
  openServerless,
  openWrapperPool,
} from "./databases.ts";
import type { Row } from "./row.ts";

type State = "healthy" | "read-only" | "connections killed" | "killed" | "frozen";
const states: readonly State[] = ["healthy", "read-only", "connections killed", "killed", "frozen"];

const subjects: Readonly<Record<string, (ground: Ground) => Promise<Database>>> = {
  ours: openOurs,
  mysql2: openPlain,
  "serverless-mysql": openServerless,
  "aws-wrapper": openWrapperPool,
};

async function leave(regions: TwoRegions, state: State): Promise<void> {
  regions.point(westHost);
  if (state === "read-only") await regions.east.admin("SET GLOBAL read_only=1");
  if (state === "frozen") await regions.east.freeze();
  if (state === "killed") await regions.east.kill();
  if (state === "connections killed") await regions.east.killConnections();
}

const capMillis = 6_000;

/** One write after the other from the flip on: how many fail, and when the first one lands on the new server. */
async function flip(regions: TwoRegions, state: State, database: Database) {
  await Promise.all([1, 2, 3].map(() => database.query("SELECT 1")));
  await leave(regions, state);
  const started = performance.now();
  let failed = 0;
  for (let id = 1; performance.now() - started < capMillis; id++) {
    const write = async () => {
      await database.query(`INSERT INTO written VALUES (${id})`);
      const [row] = await database.query("SELECT name FROM server");
      return String(row?.["name"]);
    };
    const left = capMillis - (performance.now() - started);
    const hang = sleep(left, "hangs", { ref: false });
    const at = await Promise.race([write().catch(() => "failed"), hang]);
    if (at === "west") return { failed, milliseconds: performance.now() - started };
    // The last one was only cut off, unless it had time enough.
    if (at === "failed" || (at === "hangs" && left > 1_500)) failed++;
    await sleep(20);
  }
  return { failed, milliseconds: Number.POSITIVE_INFINITY };
}

/** The CNAME moves while connections to the old server are held, which is left in one of five states. */
export async function flips(ground: Ground): Promise<Row[]> {
  const { regions } = ground;
  const rows: Row[] = [];
  for (const state of states) {
    const failed: Record<string, number> = {};
    const moved: Record<string, number | string> = {};
    for (const [name, open] of Object.entries(subjects)) {
      await regions.reset();
      const database = await open(ground);
      const result = await flip(regions, state, database);
      failed[name] = result.failed;
      moved[name] = Number.isFinite(result.milliseconds)
        ? Math.round(result.milliseconds)
        : `not within ${capMillis}`;
      regions.east.thaw();
      await Promise.race([database.end(), sleep(2_000, undefined, { ref: false })]).catch(() => {});
    }
    rows.push(...rowsOf(`flip, old server ${state}`, failed, moved));
  }
  return rows;
}

function rowsOf(
  metric: string,
  { ours = Number.NaN, ...peers }: Readonly<Record<string, number>>,
  { ours: oursMoved = "", ...peersMoved }: Readonly<Record<string, number | string>>,
): Row[] {
  return [
    { metric, unit: "failed requests", floor: 0, peers, ours, target: "<= 1", met: ours <= 1 },
    {
      metric,
      unit: "ms to the new server",
      peers: peersMoved,
      ours: oursMoved,
      target: "<= 2,200: check interval, query deadline",
      met: Number(oursMoved) <= 2_200,
    },
  ];
}

/** What standing between the application and mysql2 costs a query on a warm pool. */
export async function overhead(ground: Ground): Promise<Row> {
  await ground.regions.reset();
  const times: Record<string, number[]> = { ours: [], mysql2: [] };
  const opened = [
    ["ours", await openOurs(ground)],
    ["mysql2", await openPlain(ground)],
  ] as const;
  for (let run = 0; run < 50; run++)
    for (const [name, database] of opened) {
      const started = performance.now();
      for (let query = 0; query < 200; query++) await database.query("SELECT 1");
      times[name]?.push((performance.now() - started) * 5);
    }
  for (const [, database] of opened) await database.end();
  // The least of many short runs: what else the machine does comes on top of the others.
  const least = (name: string): number => Math.min(...(times[name] ?? []));
  const [ours, floor] = [least("ours"), least("mysql2")];
  return {
    metric: "a query on a warm pool",
    unit: "microseconds",
    floor,
    peers: { mysql2: floor },
    ours,
    target: "<= 1.1 x mysql2",
    met: ours <= 1.1 * floor,
  };
}
