import { exampleFindings, type Status } from "@standby/recovery";
import { describe, expect, it } from "vitest";
import { statusText } from "../src/text/status-text.ts";

const database = {
  identifier: "orders-prod-1",
  generation: 1,
  arn: "arn",
  address: "a",
  status: "available",
  mode: "source",
  writable: true,
  fenced: false,
  replicationLagSeconds: null,
} as const;
const secret = { arn: "arn", status: "InSync", versionId: "4f2c0000", inSync: true };

const ready: Status = {
  schema: "standby.status/1",
  observedAt: "2026-11-24T03:12:44.000Z",
  service: "orders-prod",
  verdict: "ready",
  activeRegion: "us-east-1",
  failoverFlag: false,
  operation: null,
  regions: {
    "us-east-1": {
      role: "primary",
      reachable: true,
      databases: [database],
      secret,
      problems: [],
    },
    "us-west-2": {
      role: "recovery",
      reachable: true,
      databases: [{ ...database, mode: "replica", writable: false, replicationLagSeconds: 2 }],
      secret,
      problems: [],
    },
  },
  record: {
    name: "db.orders.internal",
    target: "orders-prod-1.c1.us-east-1.rds.amazonaws.com",
    expectedTarget: "orders-prod-1.c1.us-east-1.rds.amazonaws.com",
    ttl: 30,
    consistent: true,
  },
  findings: [],
};
const plain = { colour: false, width: 100 };

it("begins with service, verdict and what it means, and fits a terminal", () => {
  const lines = statusText(ready, plain).trimEnd().split("\n");
  expect(lines[0]).toMatch(
    /^orders-prod {3}READY {3}us-east-1 takes writes; us-west-2 can take over .*2026-11-24 03:12:44 UTC$/,
  );
  expect(lines[1]).toMatch(/us-east-1 \(primary\) {2}< active +us-west-2 \(recovery\)$/);
  expect(lines[2]).toMatch(/orders-prod-1 {2}writable .*orders-prod-1 {2}replica, 2 s behind/);
  expect(lines[4]).toBe(
    "db.orders.internal  ->  orders-prod-1 (us-east-1)     TTL 30 s, answers agree",
  );
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

describe("what was not seen", () => {
  const dark = { ...ready.regions["us-east-1"], reachable: false, databases: null, secret: null };
  const text = statusText(
    { ...ready, verdict: "unknown", regions: { ...ready.regions, "us-east-1": dark as never } },
    plain,
  );
  it("is called unreachable and never empty", () => {
    expect(text).toMatch(/^database +unreachable/m);
    expect(text).toMatch(/^secret +unreachable/m);
    expect(text).toContain("us-east-1 was not seen");
  });
});

it("shows every generation, the newest first, and a fence", () => {
  const text = statusText(
    {
      ...ready,
      regions: {
        ...ready.regions,
        "us-east-1": {
          ...(ready.regions["us-east-1"] as NonNullable<(typeof ready.regions)[string]>),
          databases: [
            { ...database, writable: false, fenced: true },
            { ...database, identifier: "orders-prod-2", generation: 2 },
          ],
        },
      },
    },
    plain,
  );
  expect(text).toMatch(/^database +orders-prod-2[^\n]*\n +orders-prod-1 {2}read-only {2}fenced/m);
});

it("says an unknown lag in words", () => {
  const west = ready.regions["us-west-2"] as NonNullable<(typeof ready.regions)[string]>;
  const databases = west.databases?.map((each) => ({ ...each, replicationLagSeconds: null }));
  const text = statusText(
    {
      ...ready,
      regions: { ...ready.regions, "us-west-2": { ...west, databases: databases ?? null } },
    },
    plain,
  );
  expect(text).toContain("replica, lag unknown");
});

it("prints each finding with every command to type, unbroken, and where it is explained", () => {
  const findings = exampleFindings();
  const text = statusText({ ...ready, findings }, plain);
  for (const { remedy } of findings) for (const command of remedy) expect(text).toContain(command);
  expect(text).toContain("docs/runbook.md");
});

it("has colour only when it is asked for", () => {
  const findings = exampleFindings();
  expect(statusText({ ...ready, findings }, plain)).not.toContain("\u001b[");
  expect(statusText({ ...ready, findings }, { ...plain, colour: true })).toContain("\u001b[");
});
