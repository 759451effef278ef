import { databasesUnderTest } from "@standby/local-cloud/testing";
import { type AlarmCode, alarmName } from "@standby/topology";
import { afterAll, beforeAll, expect, it } from "vitest";
import { alarmFaults } from "../alarms/alarm-faults.ts";
import {
  monitoredConfiguration,
  ring,
  rungSoFar,
  service,
  until,
  untilQuiet,
} from "../alarms/alarm-watch.ts";
import { deployFaultPair, type FaultPair } from "../faults/fault-pair.ts";

let pair: FaultPair;

beforeAll(async () => {
  const [database] = await databasesUnderTest("one kind");
  if (!database) throw new Error("this machine has no database server");
  pair = await deployFaultPair({
    database,
    dnsSwitch: "record",
    configuration: monitoredConfiguration,
  });
  await untilQuiet(pair.cloud, 60);
});
afterAll(() => pair?.[Symbol.asyncDispose]());

const graceSeconds = 60;

it.each<AlarmCode>(["storage-low", "not-replicating"])(
  "%s rings by its fault alone",
  async (code) => {
    const before = rungSoFar(pair.cloud);
    expect(before).not.toContain(alarmName(service, code));
    const fault = alarmFaults.find((each) => each.code === code);
    await fault?.during(pair, () => ring(pair, code, graceSeconds));
    expect(rungSoFar(pair.cloud).slice(before.length)).toEqual([alarmName(service, code)]);
  },
);

it("leaves nothing to be done by the next update", async () => {
  const words = ["preview", "-s", "prod-west", "--expect-no-changes"];
  expect((await pair.pulumi(...words)).exitCode).toBe(0);
});

it("sends the scheduled preflight's verdict as an event", async () => {
  await until("an event", () => pair.cloud.sentEvents().length > 0, 120);
  const [event] = pair.cloud.sentEvents();
  expect(event).toMatchObject({
    region: "us-west-2",
    source: "standby",
    detailType: "Standby Preflight",
  });
  expect(JSON.parse(event?.detail ?? "")).toMatchObject({
    service,
    verdict: expect.stringMatching(/^go/),
  });
});
