import { setTimeout as delay } from "node:timers/promises";
import type { LocalCloud } from "@standby/local-cloud";
import {
  type AlarmCode,
  alarmName,
  alarmTopicName,
  monitorMetricOf,
  monitorMetrics,
  ringsWithinMinutes,
} from "@standby/topology";
import type { FaultPair } from "../faults/fault-pair.ts";

/** Of the recovery point: a lag has to grow beyond it before anything is wrong. */
const objectiveSeconds = 10;

/** What the program is told so that the alarms can be rung on this machine. */
export const monitoredConfiguration: Readonly<Record<string, string>> = {
  monitoring: "true",
  "alarms.connections": "40",
  "recoveryPoint.maximumLagSeconds": `${objectiveSeconds}`,
};

export const service = "orders-prod";
const recoveryRegion = "us-west-2";
const lookSeconds = 0.25;

/** The alarms that rang so far, one entry a ring. */
export const rungSoFar = (cloud: LocalCloud): readonly string[] =>
  cloud
    .notifications()
    .filter(({ topicArn }) => topicArn.endsWith(`:${alarmTopicName(service)}`))
    .map(({ message }) => (JSON.parse(message) as { readonly AlarmName: string }).AlarmName);

/** The newest value of a metric of the monitor. */
export const lastValue = (cloud: LocalCloud, code: AlarmCode): number | undefined => {
  const { namespace, dimension } = monitorMetrics;
  const name = monitorMetricOf(code) ?? code;
  return cloud.metrics
    .datapoints(recoveryRegion, { namespace, name, dimensions: { [dimension]: service } })
    .at(-1)?.value;
};

export async function until(
  what: string,
  isSo: () => boolean,
  deadlineSeconds: number,
): Promise<void> {
  const late = AbortSignal.timeout(deadlineSeconds * 1000);
  while (!isSo()) {
    if (late.aborted) throw new Error(`Not within ${deadlineSeconds} s: ${what}`);
    await delay(lookSeconds * 1000);
  }
}

/** The stated time on this cloud's clock. A machine that does other work has its own delays: they are added, and said. */
export const statedSeconds = (cloud: LocalCloud, code: AlarmCode): number =>
  ringsWithinMinutes(code) * cloud.dials.scheduleMinuteSeconds +
  (code === "replication-lag" ? objectiveSeconds : 0);

/** Waits while something is broken until the alarm on it rings, and says after how many seconds. */
export async function ring(
  { cloud }: FaultPair,
  code: AlarmCode,
  graceSeconds: number,
): Promise<number> {
  const before = rungSoFar(cloud).length;
  const own = alarmName(service, code);
  const began = performance.now();
  await until(
    `the alarm ${own}`,
    () => rungSoFar(cloud).slice(before).includes(own),
    statedSeconds(cloud, code) + graceSeconds,
  );
  return (performance.now() - began) / 1000;
}

/** The first look and the first preflight are over, and each found nothing. */
export async function untilQuiet(cloud: LocalCloud, deadlineSeconds: number): Promise<void> {
  const codes = ["split-brain", "not-replicating", "no-writer", "lag-unknown"] as const;
  await until(
    "a look that finds nothing",
    () => codes.every((code) => lastValue(cloud, code) === 0),
    deadlineSeconds,
  );
}
