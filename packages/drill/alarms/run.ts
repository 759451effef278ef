import { databasesUnderTest } from "@standby/local-cloud/testing";
import { alarmName } from "@standby/topology";
import { deployFaultPair, type FaultPair } from "../faults/fault-pair.ts";
import { type AlarmFault, alarmFaults } from "./alarm-faults.ts";
import {
  lastValue,
  monitoredConfiguration,
  ring,
  rungSoFar,
  service,
  statedSeconds,
  until,
  untilQuiet,
} from "./alarm-watch.ts";

/** `run.ts [code …]`: rings every alarm, or these, by its fault on one local cloud. Exit 1 when one does not ring, or rang before. */

const say = (line: string): void => void process.stderr.write(`alarms  ${line}\n`);

const quietSeconds = 180;
/** For a machine that does other work. */
const graceSeconds = Number(process.env["ALARM_GRACE_SECONDS"] ?? 10);

interface Line {
  readonly alarm: string;
  readonly fault: string;
  readonly stated: string;
  readonly rang: string;
  readonly silentBefore: string;
  /** Other alarms that rang until all was well again. */
  readonly others: string;
  readonly held: boolean;
}

/** Nothing is wrong, and the first preflight has said so. */
async function untilWell({ cloud }: FaultPair): Promise<void> {
  await untilQuiet(cloud, quietSeconds);
  await until("a good preflight", () => lastValue(cloud, "preflight-red") === 0, quietSeconds);
}

async function ringOne(
  pair: FaultPair,
  { code, fault, during, isLast }: AlarmFault,
  atFirst: readonly string[],
): Promise<Line> {
  const own = alarmName(service, code);
  const before = rungSoFar(pair.cloud).length;
  const seconds = await during(pair, () => ring(pair, code, graceSeconds)).catch((error: Error) => {
    say(`${code}: ${error.message}`);
    return undefined;
  });
  if (!isLast) await untilWell(pair);
  const others = rungSoFar(pair.cloud)
    .slice(before)
    .filter((name) => name !== own);
  // Nobody has looked yet when these two are made: they ring until the first look and the first preflight.
  const ringsAtFirst = code === "preflight-stale" || code === "monitor-silent";
  const rangAtFirst = atFirst.includes(own);
  const rang = seconds === undefined ? "no" : `${seconds.toFixed(1)} s`;
  say(`${code}: rang after ${rang}`);
  return {
    alarm: code,
    fault,
    stated: `${statedSeconds(pair.cloud, code)} s`,
    rang,
    silentBefore: rangAtFirst ? (ringsAtFirst ? "after the first look" : "no") : "yes",
    others: [...new Set(others)].join(", ").replaceAll(`${service}-`, ""),
    held: seconds !== undefined && (!rangAtFirst || ringsAtFirst),
  };
}

async function ringEach(pair: FaultPair, asked: readonly string[]): Promise<readonly Line[]> {
  await untilWell(pair);
  const atFirst = rungSoFar(pair.cloud);
  const lines: Line[] = [];
  for (const fault of alarmFaults)
    if (asked.length === 0 || asked.includes(fault.code))
      lines.push(await ringOne(pair, fault, atFirst));
  return lines;
}

const [database] = await databasesUnderTest("one kind");
if (!database) throw new Error("this machine has no database server");
say(`on ${database.program.version}`);
await using pair = await deployFaultPair({
  database,
  dnsSwitch: "record",
  configuration: monitoredConfiguration,
});
say("the pair is deployed");
const lines = await ringEach(pair, process.argv.slice(2));
process.stdout.write(
  [
    "| alarm | fault | stated | rang after | silent before | rang besides |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines.map(
      ({ alarm, fault, stated, rang, silentBefore, others }) =>
        `| ${alarm} | ${fault} | ${stated} | ${rang} | ${silentBefore} | ${others} |`,
    ),
    "",
  ].join("\n"),
);
process.exitCode = lines.every(({ held }) => held) ? 0 : 1;
