import { describe, expect, it } from "vitest";
import { monitorReport, signalsOf } from "../src/monitor.ts";
import type { Observation } from "../src/observation.ts";
import {
  address,
  database,
  observation,
  replica,
  replicating,
  unreachable,
} from "./support/observation.ts";

const raised = (observed: Observation) =>
  Object.entries(signalsOf(monitorReport(observed)))
    .filter(([, value]) => value === 1)
    .map(([code]) => code);

const promoted = database("us-west-2");
const failedOver = {
  west: [promoted],
  target: address("us-west-2"),
  flags: { failover: true },
} as const;

describe("the signals", () => {
  it.each<[string, Observation, readonly string[]]>([
    ["a healthy pair", observation(), []],
    [
      "a replica that nobody can look inside",
      observation({ west: [replica("us-west-2", { inside: unreachable })] }),
      ["lag-unknown"],
    ],
    [
      "a replica that has stopped",
      observation({
        west: [
          replica("us-west-2", { inside: replicating({ receiving: false, lagSeconds: null }) }),
        ],
      }),
      ["not-replicating"],
    ],
    [
      "a replica far behind",
      observation({ west: [replica("us-west-2", { inside: replicating({ lagSeconds: 90 }) })] }),
      ["replication-lag"],
    ],
    [
      "a copy of the secret with another version",
      observation({ westSecret: { versionId: "v0" } }),
      ["secret-versions-differ"],
    ],
    [
      "a copy of the secret whose replication failed",
      observation({
        eastSecret: { replication: { "us-west-2": { status: "Failed", message: "" } } },
      }),
      ["secret-not-in-sync"],
    ],
    ["two writers", observation({ ...failedOver }), ["split-brain"]],
    ["a failover with the primary Region dark", observation({ ...failedOver, east: "dark" }), []],
    ["the primary Region dark before a failover", observation({ east: "dark" }), []],
  ])("of %s", (_, observed, codes) => {
    expect(raised(observed)).toEqual(codes);
  });
});

describe("the lag", () => {
  it.each<[string, Observation, number | null]>([
    [
      "known",
      observation({ west: [replica("us-west-2", { inside: replicating({ lagSeconds: 7 }) })] }),
      7,
    ],
    [
      "of a replica that nobody can look inside",
      observation({ west: [replica("us-west-2", { inside: unreachable })] }),
      null,
    ],
    ["of a writer", observation({ ...failedOver, east: "dark" }), null],
  ])("%s is told as it is", (_, observed, lagSeconds) => {
    expect(monitorReport(observed).lagSeconds).toBe(lagSeconds);
  });
});
