import { describe, expect, it } from "vitest";
import { assess } from "../src/assess.ts";
import type { Observation } from "../src/observation.ts";
import {
  address,
  answer,
  arn,
  database,
  observation,
  replica,
  replicating,
  seen,
  source,
  unreachable,
} from "./support/observation.ts";

const west = address("us-west-2");
const codes = (seenNow: Observation) => assess(seenNow).findings.map(({ code }) => code);

describe("the verdict", () => {
  const operation = {
    id: "a1",
    kind: "failover",
    owner: "ann@desk (pid 1)",
    since: "2026-11-24T03:00:00Z",
    expired: false,
  } as const;
  const promoted = database("us-west-2");
  const stale = database("us-east-1", {
    inside: seen(answer({ readOnly: true })),
    fenceInSync: true,
  });

  it.each<[string, Observation, string, string | undefined, readonly string[]]>([
    ["a healthy pair", observation(), "ready", "us-east-1", []],
    [
      "a dark primary Region before a failover",
      observation({ east: "dark" }),
      "unknown",
      "us-east-1",
      ["region-unreachable"],
    ],
    [
      "a dark recovery Region",
      observation({ west: "dark" }),
      "exposed",
      "us-east-1",
      ["no-standby"],
    ],
    [
      "both Regions dark",
      observation({ east: "dark", west: "dark" }),
      "unknown",
      "us-east-1",
      ["region-unreachable", "region-unreachable"],
    ],
    [
      "a failover with the primary Region dark",
      observation({ east: "dark", west: [promoted], target: west, flags: { failover: true } }),
      "exposed",
      "us-west-2",
      ["no-standby"],
    ],
    [
      "a failover, the old source back and fenced",
      observation({ east: [stale], west: [promoted], target: west, flags: { failover: true } }),
      "exposed",
      "us-west-2",
      ["no-standby"],
    ],
    [
      "a failover, the old source back and not fenced",
      observation({ west: [promoted], target: west, flags: { failover: true } }),
      "split-brain",
      "us-west-2",
      ["split-brain"],
    ],
    [
      "a rebuilt pair after a failover",
      observation({
        east: [stale, replica("us-east-1", { generation: 2 })],
        west: [database("us-west-2", { mode: "source" })],
        target: west,
        flags: { failover: true },
      }),
      "ready",
      "us-west-2",
      [],
    ],
    [
      "a replica that somebody promoted",
      observation({ west: [promoted] }),
      "split-brain",
      "us-east-1",
      ["split-brain"],
    ],
    [
      "a replica that somebody promoted and that is fenced now",
      observation({ west: [database("us-west-2", { inside: seen(answer({ readOnly: true })) })] }),
      "exposed",
      "us-east-1",
      ["no-standby", "promoted-by-somebody"],
    ],
    [
      "no database in the recovery Region",
      observation({ west: [] }),
      "exposed",
      "us-east-1",
      ["no-standby"],
    ],
    [
      "a replication that stopped",
      observation({ west: [replica("us-west-2", { inside: replicating({ lagSeconds: null }) })] }),
      "exposed",
      "us-east-1",
      ["not-replicating"],
    ],
    [
      "a promotion whose record did not move",
      observation({ east: [stale], west: [promoted], flags: { failover: true } }),
      "no-writer",
      "us-west-2",
      ["record-behind", "no-standby"],
    ],
    [
      "a source that is fenced",
      observation({ east: [stale] }),
      "no-writer",
      "us-east-1",
      ["no-writer"],
    ],
    [
      "a read-only failover",
      observation({ east: "dark", target: west, flags: { readOnlyFailover: true } }),
      "no-writer",
      "us-west-2",
      ["region-unreachable", "read-only-failover"],
    ],
    [
      "an operation under way",
      observation({ operation: seen(operation) }),
      "moving",
      "us-east-1",
      ["operation-under-way"],
    ],
    [
      "an operation whose owner is dead",
      observation({ operation: seen({ ...operation, expired: true }) }),
      "ready",
      "us-east-1",
      ["operation-abandoned"],
    ],
  ])("of %s", (_, seenNow, verdict, activeRegion, found) => {
    expect({ ...assess(seenNow), findings: codes(seenNow) }).toEqual({
      verdict,
      activeRegion,
      findings: found,
    });
  });
});

describe("a finding", () => {
  const failover = { flags: { failover: true } };
  const withInside = (more: Parameters<typeof answer>[0]) =>
    observation({ east: [source({ inside: seen(answer(more)) })] });

  it.each<[string, Observation]>([
    ["failover-unfinished", observation(failover)],
    ["flag-not-set", observation({ east: "dark", west: [database("us-west-2")], target: west })],
    [
      "replication-lag",
      observation({ west: [replica("us-west-2", { inside: replicating({ lagSeconds: 61 }) })] }),
    ],
    [
      "not-replicating",
      observation({ west: [replica("us-west-2", { inside: replicating({ receiving: false }) })] }),
    ],
    [
      "follows-another-source",
      observation({ west: [replica("us-west-2", { sourceArn: arn("us-east-1", 9) })] }),
    ],
    ["database-not-available", observation({ east: [source({ status: "storage-full" })] })],
    ["database-unreachable", observation({ east: [source({ inside: unreachable })] })],
    [
      "function-missing",
      observation({
        east: [
          source({
            inside: {
              seen: false,
              problem: { kind: "failed", message: "m", errorName: "ResourceNotFoundException" },
            },
          }),
        ],
      }),
    ],
    [
      "password-refused",
      observation({
        east: [
          source({
            inside: {
              seen: false,
              problem: {
                kind: "denied",
                message: "m",
                failure: { code: "access-denied", message: "m" },
              },
            },
          }),
        ],
      }),
    ],
    ["fence-not-in-force", observation({ flags: { fenced: { primary: true, recovery: false } } })],
    ["events-disabled", withInside({ disabledEvents: [{ schema: "orders", name: "purge" }] })],
    ["secret-versions-differ", observation({ westSecret: { versionId: "v0" } })],
    [
      "secret-not-in-sync",
      observation({
        eastSecret: { replication: { "us-west-2": { status: "Failed", message: "" } } },
      }),
    ],
    ["secret-not-in-sync", observation({ eastSecret: { replication: {} } })],
    ["secret-standalone", observation({ westSecret: { primaryRegion: undefined } })],
    ["secret-missing", observation({ westSecret: "missing" })],
    ["secret-deleted", observation({ westSecret: { deleted: true } })],
    [
      "secret-unreadable",
      observation({
        westSecret: {
          readable: {
            seen: false,
            problem: {
              kind: "failed",
              message: "m",
              failure: { code: "secret-unreadable", message: "m" },
            },
          },
        },
      }),
    ],
    [
      "secret-host",
      observation({ westSecret: { readable: seen({ versionId: "v1", host: west }) } }),
    ],
    ["rotation-unfinished", observation({ eastSecret: { pendingVersionId: "v2" } })],
    [
      "rotation-overdue",
      observation({ eastSecret: { rotationDueAt: new Date("2026-11-22T00:00:00Z") } }),
    ],
    ["record-unseen", observation({ record: unreachable })],
    ["record-names-nobody", observation({ target: "elsewhere.example.com" })],
    ["answers-differ", observation({ answers: { west } })],
    [
      "not-allowed-to-look",
      observation({ operation: { seen: false, problem: { kind: "denied", message: "m" } } }),
    ],
  ])("%s is reported for what causes it", (code, seenNow) => {
    expect(codes(seenNow)).toContain(code);
    expect(codes(observation())).not.toContain(code);
  });

  it("about an uncommitted stack file says how to commit it after a failover", () => {
    const moved = observation({
      ...failover,
      east: "dark",
      west: [database("us-west-2")],
      target: west,
    });
    const [finding] = assess(moved, { uncommitted: ["Pulumi.prod-west.yaml"] }).findings.filter(
      ({ code }) => code === "flag-not-committed",
    );
    expect(finding?.remedy).toEqual([
      'git commit -m "Fail over to us-west-2" Pulumi.prod-west.yaml && git push',
    ]);
  });

  it("is not made of a Region that nobody asked", () => {
    const skipped = { seen: false, problem: { kind: "skipped", message: "not asked" } } as const;
    const both = observation();
    const left: Observation = {
      ...both,
      regions: {
        ...both.regions,
        primary: {
          ...both.regions.primary,
          reachable: false,
          databases: skipped,
          secret: skipped,
          answer: skipped,
        },
      },
    };
    expect(codes(left)).toEqual([]);
    expect(assess(left).verdict).toBe("unknown");
  });
});
