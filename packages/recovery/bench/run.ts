import { parseArgs } from "node:util";
import { execa } from "execa";
import { silenceSeconds } from "../src/dark-region.ts";
import { type DeployedPair, deployedPair } from "../tests/support/deployed-pair.ts";
import { distanceTo } from "./distance.ts";
import { timeFailover, timeRebuild, timeSwitchover } from "./moves.ts";

/**
 * `run.ts [--json]`: what the commands add to AWS's own time, each beside its floor in the same run, on a local cloud. Exit 1 when a
 * target is missed: a line without a target is a figure to compare.
 */

interface Line {
  readonly what: string;
  readonly value: number;
  readonly unit: "s" | "x";
  readonly floor: string;
  readonly target?: number;
}

interface Looks {
  readonly lookMilliseconds: number;
  readonly aloneMilliseconds: Readonly<Record<string, number>>;
}

const say = (line: string): void => void process.stderr.write(`bench  ${line}\n`);

async function timeLooks(
  { cloud }: DeployedPair,
  endpoint: string,
  ...words: readonly string[]
): Promise<Looks> {
  const file = new URL("looks.ts", import.meta.url).pathname;
  const { stdout } = await execa(process.execPath, [file, ...words], {
    cwd: cloud.projectFolder,
    env: { ...cloud.environment, AWS_ENDPOINT_URL: endpoint },
    extendEnv: false,
    timeout: 240_000,
  });
  return JSON.parse(stdout) as Looks;
}

/**
 * What an operator's machine is away from a Region, in both directions together: 60 to 70 ms lie between the two coasts of the United
 * States, and a line at home or a VPN adds the rest. Of the waiting for calls it is nearly all; on one machine without it a look
 * measures how two processes share the processors.
 */
const roundTripMilliseconds = 80;

interface LookTimes {
  readonly times: number;
  readonly text: string;
}

async function lookAcross(pair: DeployedPair, milliseconds: number): Promise<LookTimes> {
  await using distance = await distanceTo(pair.cloud.endpoint, milliseconds);
  const { lookMilliseconds, aloneMilliseconds } = await timeLooks(pair, distance.endpoint);
  const [name = "", slowest = Number.NaN] =
    Object.entries(aloneMilliseconds).sort(([, one], [, other]) => other - one)[0] ?? [];
  const times = lookMilliseconds / slowest;
  return {
    times,
    text: `${times.toFixed(2)} x with a round trip of ${milliseconds} ms (${name} alone ${slowest.toFixed(0)} ms, the look ${lookMilliseconds.toFixed(0)} ms)`,
  };
}

async function lookLine(pair: DeployedPair): Promise<Line> {
  const near = await lookAcross(pair, 0);
  const real = await lookAcross(pair, roundTripMilliseconds);
  return {
    what: "status against its slowest call",
    value: real.times,
    unit: "x",
    floor: `${real.text}; ${near.text}`,
    target: 1.3,
  };
}

async function darkLine(pair: DeployedPair): Promise<Line> {
  await pair.cloud.lose("us-east-1", "hang");
  try {
    const { lookMilliseconds } = await timeLooks(pair, pair.cloud.endpoint, "dark");
    return {
      what: "status with us-east-1 dark, beyond its deadline",
      value: lookMilliseconds / 1000 - silenceSeconds,
      unit: "s",
      floor: `the deadline of a Region that says nothing: ${silenceSeconds} s`,
      target: 0.2,
    };
  } finally {
    await pair.cloud.restore("us-east-1");
  }
}

async function failoverLine(pair: DeployedPair): Promise<Line> {
  const times = await timeFailover(pair);
  const { totalSeconds, simulatedSeconds, toPromotionSeconds, promotionToNameSeconds } = times;
  return {
    what: "failover to the first acknowledged write, our own part",
    value: times.oursSeconds,
    unit: "s",
    floor: `in all ${totalSeconds.toFixed(1)} s, simulated AWS ${simulatedSeconds.toFixed(1)} s; promoted after ${toPromotionSeconds.toFixed(1)} s, the name moved ${promotionToNameSeconds.toFixed(1)} s later; ${processor(times)}`,
    target: 3,
  };
}

async function rebuildLine(pair: DeployedPair): Promise<Line> {
  const times = await timeRebuild(pair);
  const { rebuildSeconds, bareReplicaSeconds } = times;
  return {
    what: "rebuild beyond a bare replica",
    value: rebuildSeconds - bareReplicaSeconds,
    unit: "s",
    floor: `in all ${rebuildSeconds.toFixed(1)} s, the bare replica ${bareReplicaSeconds.toFixed(1)} s; ${processor(times)}`,
  };
}

async function switchoverLine(pair: DeployedPair): Promise<Line> {
  const times = await timeSwitchover(pair);
  const { pauseSeconds, simulatedSeconds, oursSeconds } = times;
  return {
    what: "switchover, the pause of writes, our own part",
    value: oursSeconds,
    unit: "s",
    floor: `in all ${pauseSeconds.toFixed(1)} s, simulated AWS ${simulatedSeconds.toFixed(1)} s; ${processor(times)}`,
  };
}

const processor = ({ processorSeconds }: { readonly processorSeconds: number }): string =>
  `processor time of the command ${processorSeconds.toFixed(1)} s`;

const { values } = parseArgs({ options: { json: { type: "boolean" } } });
await using pair = await deployedPair();
const lines: Line[] = [];
for (const measure of [lookLine, darkLine, failoverLine, rebuildLine, switchoverLine]) {
  const line = await measure(pair);
  say(`${line.what}: ${line.value.toFixed(2)} ${line.unit}`);
  lines.push(line);
}
const isMissed = ({ value, target }: Line): boolean => target !== undefined && !(value <= target);
const text = ({ what, value, unit, floor, target }: Line): string =>
  `${what.padEnd(56)} ${value.toFixed(2).padStart(7)} ${unit}${target === undefined ? "" : `  target ${target} ${unit}`}   ${floor}\n`;
process.stdout.write(
  values.json
    ? `${JSON.stringify({ schema: "standby.bench/1", database: pair.cloud.databaseServerVersion, dials: pair.cloud.dials, lines: lines.map((line) => ({ ...line, missed: isMissed(line) })) }, null, 2)}\n`
    : lines.map(text).join(""),
);
process.exitCode = lines.some(isMissed) ? 1 : 0;
