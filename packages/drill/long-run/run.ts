import { parseArgs } from "node:util";
import { startLocalCloud, workload as workloadPrincipal } from "@standby/local-cloud";
import { deploy, upTimeoutSeconds } from "../src/acts/deploy.ts";
import { connectClients } from "../src/acts/load.ts";
import { History } from "../src/history.ts";
import { Pulumi } from "../src/pulumi.ts";
import { clear, type Stage } from "../src/stage.ts";
import { Standby } from "../src/standby.ts";
import { type Lap, runLap } from "./lap.ts";

/**
 * `run.ts [--writes 1000000] [--writers 16] [--lap 100000]`: acknowledged writes through lap after lap of loss, failover, return, rebuild
 * and switchover, each lap judged by the seven invariants. Exit 1 when one of them does not hold.
 */

const { values } = parseArgs({
  options: {
    writes: { type: "string", default: "1000000" },
    writers: { type: "string", default: "16" },
    lap: { type: "string", default: "100000" },
  },
});
const whole = (name: keyof typeof values): number => {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number from 1\n`);
  process.exit(2);
};
const [wanted, writers, writes] = [whole("writes"), whole("writers"), whole("lap")];
const say = (line: string): void => void process.stderr.write(`long-run  ${line}\n`);

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interruption.abort(new Error(`interrupted by ${name}`)));
const { signal } = interruption;

const cloud = await startLocalCloud({ signal });
const settings = { projectFolder: cloud.projectFolder, environment: cloud.environment, signal };
const stage: Stage = {
  act: async (title, work) => {
    const began = performance.now();
    const result = await work(() => {});
    say(`${title}  ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return result;
  },
  signal,
  // A loaded machine takes its time, and a lap has a thousand times the writes of a drill.
  pacing: { loadSeconds: 0, afterSeconds: 1, takeoverSeconds: 300 },
  cloud,
  pulumi: new Pulumi(settings),
  standby: new Standby(settings, 2 * upTimeoutSeconds(cloud.dials)),
  evidence: {
    lossMode: "hang",
    dnsSwitch: "record",
    route53IsDown: false,
    primaryRegion: "us-east-1",
    recoveryRegion: "us-west-2",
    workloadPrincipal: workloadPrincipal.arn,
    phases: [],
    attempts: [],
    answers: [],
    lags: [],
    dials: cloud.dials,
  },
  course: "cycle",
  previews: false,
  rotates: false,
  history: new History(),
  answers: [],
  lags: [],
  running: { clients: [], lagWatches: [], rotations: new Map() },
};
const laps: Lap[] = [];
const sum = (of: (lap: Lap) => number): number => laps.reduce((all, lap) => all + of(lap), 0);
try {
  await deploy(stage);
  const clients = await connectClients(stage);
  while (sum(({ acknowledged }) => acknowledged) < wanted) {
    const left = wanted - sum(({ acknowledged }) => acknowledged);
    const lap = await runLap(stage, clients, { writers, writes: Math.min(writes, left) });
    laps.push(lap);
    const broken = lap.checks.filter(({ ok }) => !ok);
    const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
    say(
      `lap ${laps.length}: ${lap.acknowledged} writes, ${lap.lost} lost with a Region, ${lap.seconds.toFixed(0)} s, ${memory} MiB; ${broken.length === 0 ? "all seven hold" : broken.map(({ id, detail }) => `${id}: ${detail}`).join("; ")}`,
    );
  }
} finally {
  await clear(stage);
  await cloud.close();
}
const isBad = laps.some(({ checks }) => checks.some(({ ok }) => !ok));
process.stdout.write(
  `${isBad ? "NOT HELD" : "HELD"}  ${sum(({ acknowledged }) => acknowledged)} acknowledged writes in ${laps.length} laps of ${sum(({ seconds }) => seconds).toFixed(0)} s, ${sum(({ lost }) => lost)} lost just before a loss\n`,
);
process.exitCode = isBad ? 1 : 0;
