import { expect, it } from "vitest";
import { assess } from "../src/assess.ts";
import type { Observation } from "../src/observation.ts";
import { statusOf } from "../src/status.ts";
import {
  address,
  database,
  observation,
  replica,
  replicating,
  source,
} from "./support/observation.ts";

const status = (seenNow: Observation) => statusOf(seenNow, assess(seenNow));

it("says of a healthy pair who writes, who follows, and that the record and the secret agree", () => {
  expect(status(observation())).toMatchObject({
    schema: "standby.status/1",
    service: "orders-prod",
    verdict: "ready",
    activeRegion: "us-east-1",
    failoverFlag: false,
    operation: null,
    regions: {
      "us-east-1": {
        role: "primary",
        reachable: true,
        databases: [{ mode: "source", writable: true, replicationLagSeconds: null }],
        secret: { status: "primary", versionId: "v1", inSync: true },
        problems: [],
      },
      "us-west-2": {
        databases: [{ mode: "replica", writable: false, replicationLagSeconds: 0 }],
        secret: { status: "InSync", inSync: true },
      },
    },
    record: {
      name: "db.orders.internal",
      target: address("us-east-1"),
      expectedTarget: address("us-east-1"),
      ttl: 30,
      consistent: true,
    },
    findings: [],
  });
});

it("has null and a reason for what it could not see", () => {
  const { regions, record } = status(observation({ east: "dark" }));
  expect(regions["us-east-1"]).toEqual({
    role: "primary",
    reachable: false,
    databases: null,
    secret: null,
    problems: ["no answer within 3 s", "no answer within 3 s"],
  });
  expect(regions["us-west-2"]?.secret?.inSync).toBeNull();
  expect(record).toMatchObject({ expectedTarget: null, consistent: null });
});

it("never shows a replication that does not run as a lag of 0", () => {
  const stopped = replica("us-west-2", { inside: replicating({ lagSeconds: null }) });
  const { regions } = status(observation({ west: [stopped] }));
  expect(regions["us-west-2"]?.databases?.[0]?.replicationLagSeconds).toBeNull();
});

it("calls the record inconsistent when it names another than the writer, or a Region resolves another", () => {
  const west = address("us-west-2");
  const moved = { east: "dark", west: [database("us-west-2")] } as const;
  expect(status(observation(moved)).record).toMatchObject({
    expectedTarget: west,
    consistent: false,
  });
  expect(status(observation({ answers: { west } })).record.consistent).toBe(false);
  expect(status(observation({ ...moved, target: west })).record.consistent).toBe(true);
});

it("expects no target while two databases take writes", () => {
  const both = observation({ east: [source()], west: [database("us-west-2")] });
  expect(status(both).record).toMatchObject({ expectedTarget: null, consistent: null });
});
