import { databasesUnderTest } from "@standby/local-cloud/testing";
import { alarmName } from "@standby/topology";
import { deployFaultPair, type FaultPair } from "../faults/fault-pair.ts";
import { alarmFaults } from "./alarm-faults.ts";
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
  readonly others: string;
  readonly held: boolean;
}

async function ringEach(pair: FaultPair, asked: readonly string[]): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (const each of alarmFaults) {
    const { code, fault } = each;
    if (asked.length > 0 && !asked.includes(code)) continue;
    await untilQuiet(pair.cloud, quietSeconds);
    if (code.startsWith("preflight"))
      await until("a preflight", () => lastValue(pair.cloud, code) === 0, quietSeconds);
    const stated = `${statedSeconds(pair.cloud, code)} s`;
    const before = rungSoFar(pair.cloud).filter((name) => name === alarmName(service, code)).length;
    // Both ring before the monitor has said anything at all, as on AWS.
    const mayHaveRung = code === "preflight-stale" || code === "monitor-silent";
    try {
      const rung = await each.during(pair, () => ring(pair, code, graceSeconds));
      say(`${code} rang after ${rung.afterSeconds.toFixed(1)} s`);
      lines.push({
        alarm: code,
        fault,
        stated,
        rang: `${rung.afterSeconds.toFixed(1)} s`,
        silentBefore: before === 0 ? "yes" : mayHaveRung ? "but at first" : "no",
        others: rung.others.join(", ").replaceAll(`${service}-`, ""),
        held: before === 0 || mayHaveRung,
      });
    } catch (error) {
      say(`${code}: ${error instanceof Error ? error.message : String(error)}`);
      const others = "";
      lines.push({ alarm: code, fault, stated, rang: "no", silentBefore: "", others, held: false });
    }
  }
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
