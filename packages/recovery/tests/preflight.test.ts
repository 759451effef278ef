import type { ReplicationRecord } from "@standby/topology";
import { describe, expect, it } from "vitest";
import type { Observation } from "../src/observation.ts";
import { pictureOf } from "../src/picture.ts";
import { isWithin } from "../src/preflight/database-checks.ts";
import { expectedLoss } from "../src/preflight/expected-loss.ts";
import type { Surroundings } from "../src/preflight/surroundings.ts";
import { allChecks, judge, verdictOf } from "../src/preflight.ts";
import {
  address,
  answer,
  database,
  deployment,
  observation,
  replica,
  replicating,
  seen,
  source,
  unreachable,
} from "./support/observation.ts";

const functionFacts = (codeSha256 = "abc") =>
  seen({
    name: "orders-prod-orders-api",
    codeSha256,
    allowedHosts: [
      "orders-prod-*.c1a2b3.us-east-1.rds.amazonaws.com",
      "orders-prod-*.d4e5f6.us-west-2.rds.amazonaws.com",
    ],
  });

const state = seen({
  resources: [{ urn: "urn:record", type: "aws:route53/record:Record", id: "1" }],
  pendingOperations: [],
});

const lagRecord = (more: Partial<ReplicationRecord> = {}): ReplicationRecord => ({
  schema: "standby.replication/1",
  at: "2026-11-24T11:59:30Z",
  identifier: "orders-prod-1",
  mode: "replica",
  lagSeconds: 0,
  ...more,
});

const healthy: Surroundings = {
  at: new Date("2026-11-24T12:00:00Z"),
  caller: seen({ account: "123456789012", arn: "arn:aws:iam::1:user/ann", expiresAt: undefined }),
  credentialRegions: {},
  lagRecord: seen(lagRecord()),
  functions: { primary: functionFacts(), recovery: functionFacts() },
  zoneVpcs: seen([{ region: "us-west-2", vpcId: "vpc-1" }]),
  checkout: seen({ uncommitted: [] }),
  program: seen({ isSame: true, deployedCommit: undefined }),
  installation: seen({
    version: "v3.259.0",
    providers: [{ name: "aws", version: "7.48.0" }],
    backendUrl: "s3://states?region=us-west-2",
  }),
  secretsProviders: { primary: undefined, recovery: undefined },
  states: { primary: state, recovery: state },
  previews: { primary: seen([]), recovery: seen([]) },
};

const judged = (observed: Observation = observation(), more: Partial<Surroundings> = {}) => {
  const surroundings = { ...healthy, ...more };
  const picture = pictureOf(observed);
  const { lines, findings } = judge(allChecks, { observation: observed, picture, surroundings });
  return { lines, findings, verdict: verdictOf(lines, findings) };
};
const failed = (result: ReturnType<typeof judged>) =>
  result.lines.filter((line) => line.result === "fail").map(({ id }) => id);

it("lets everything of a healthy pair pass", () => {
  const result = judged();
  expect(result.lines.filter(({ result: each }) => each !== "pass")).toEqual([]);
  expect(result).toMatchObject({ verdict: "go", findings: [] });
});

it("gives every check an id of its own", () => {
  const ids = allChecks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it("finds a switch that publishes nothing, or another Region than the last update named", () => {
  const recovery = { ...deployment.recovery, dnsSwitch: "health-check" as const };
  const switched = { ...observation(), deployment: { ...deployment, recovery } };
  const ofPublished = (published: NonNullable<Surroundings["published"]>) =>
    judged(switched, { published });
  const named = recovery.recordRegion ?? "us-east-1";
  expect(failed(ofPublished(seen({ namedRegion: named })))).toEqual([]);
  const elsewhere = ofPublished(seen({ namedRegion: "eu-west-1" }));
  expect(elsewhere.findings.map(({ code }) => code)).toEqual(["switch-elsewhere"]);
  const silent = ofPublished({ seen: false, problem: { kind: "failed", message: "AccessDenied" } });
  expect(silent.findings.map(({ code }) => code)).toEqual(["switch-silent"]);
  expect(silent.verdict).toBe("refused");
});

it("skips what needs the lost Region, says so, and still lets a failover go", () => {
  const dark = { ...healthy.functions, primary: unreachable };
  const result = judged(observation({ east: "dark" }), {
    functions: dark,
    states: { ...healthy.states, primary: unreachable },
    previews: { ...healthy.previews, primary: unreachable },
  });
  expect(failed(result)).toEqual([]);
  expect(result.verdict).toBe("go");
  const skipped = result.lines.filter(({ result: each }) => each === "skipped");
  expect(skipped.map(({ id }) => id)).toEqual([
    "binary-log-retention",
    "engine-versions",
    "parameters",
    "secret-in-sync",
    "password-primary",
    "record-target",
    "functions-same-code",
    "stack-free-primary",
    "preview-primary",
  ]);
  for (const { id, detail } of skipped)
    if (id !== "record-target") expect(detail).toMatch(/^unreachable: /);
});

it("lets a replica pass that stopped to receive because its source is dark", () => {
  const cutOff = replica("us-west-2", { inside: replicating({ receiving: false, lagSeconds: 4 }) });
  expect(failed(judged(observation({ east: "dark", west: [cutOff] })))).toEqual([]);
  expect(failed(judged(observation({ west: [cutOff] })))).toContain("replica-replicates");
});

describe("a failing check", () => {
  const west = (more: Parameters<typeof replica>[1]) =>
    observation({ west: [replica("us-west-2", more)] });
  const recoveryState = (more: object) => ({
    states: { ...healthy.states, recovery: seen({ ...state.value, ...more }) },
  });

  it.each<[string, "refused" | "go-with-findings", Observation, Partial<Surroundings>]>([
    ["recovery-region-answers", "refused", observation({ west: "dark" }), {}],
    ["one-writer", "refused", observation({ west: [database("us-west-2")] }), {}],
    ["replica-exists", "refused", observation({ west: [] }), {}],
    ["replica-replicates", "refused", west({ inside: replicating({ applying: false }) }), {}],
    ["replication-lag", "go-with-findings", west({ inside: replicating({ lagSeconds: 61 }) }), {}],
    [
      "loss-known",
      "refused",
      observation({ east: "dark", west: [replica("us-west-2", { inside: unreachable })] }),
      {},
    ],
    ...[
      undefined,
      lagRecord({ at: "2026-11-24T11:44:59Z" }),
      lagRecord({ lagSeconds: null }),
      lagRecord({ identifier: "orders-prod-2" }),
    ].map((record): [string, "go-with-findings", Observation, Partial<Surroundings>] => [
      "lag-recorded",
      "go-with-findings",
      observation(),
      { lagRecord: seen(record) },
    ]),
    ["backups", "go-with-findings", west({ backupRetentionDays: 0 }), {}],
    ["global-transactions", "go-with-findings", west({ parameters: {} }), {}],
    [
      "binary-log-retention",
      "go-with-findings",
      observation({ east: [source({ inside: seen(answer({ binaryLogRetentionHours: null })) })] }),
      {},
    ],
    ["engine-versions", "go-with-findings", west({ engineVersion: "8.4.4" }), {}],
    [
      "parameters",
      "go-with-findings",
      west({ parameters: { "gtid-mode": "ON", max_connections: "9" } }),
      {},
    ],
    ["backup-window", "go-with-findings", west({ preferredBackupWindow: "11:45-12:15" }), {}],
    ["deletion-protection", "go-with-findings", west({ deletionProtection: false }), {}],
    ["secret-in-sync", "go-with-findings", observation({ westSecret: { versionId: "v0" } }), {}],
    ["secret-readable", "refused", observation({ westSecret: "missing" }), {}],
    ["secret-readable", "refused", observation({ westSecret: { deleted: true } }), {}],
    [
      "secret-host",
      "refused",
      observation({
        westSecret: { readable: seen({ versionId: "v1", host: address("us-east-1") }) },
      }),
      {},
    ],
    [
      "password-recovery",
      "refused",
      west({
        inside: {
          seen: false,
          problem: {
            kind: "denied",
            message: "m",
            failure: { code: "access-denied", message: "m" },
          },
        },
      }),
      {},
    ],
    ["record-target", "go-with-findings", observation({ target: "elsewhere.example.com" }), {}],
    ["record-movable", "go-with-findings", observation({ record: unreachable }), {}],
    [
      "record-ttl",
      "go-with-findings",
      observation({
        record: seen({ name: "n", target: address("us-east-1"), ttlSeconds: 300 }),
      }),
      {},
    ],
    ["record-owner", "refused", observation(), recoveryState({ resources: [] })],
    ["zone-association", "refused", observation(), { zoneVpcs: seen([]) }],
    [
      "functions-same-code",
      "go-with-findings",
      observation(),
      { functions: { primary: functionFacts("other"), recovery: functionFacts() } },
    ],
    [
      "functions-allowed-hosts",
      "refused",
      observation(),
      {
        functions: {
          primary: functionFacts(),
          recovery: seen({ ...functionFacts().value, allowedHosts: [address("us-east-1")] }),
        },
      },
    ],
    [
      "stack-files-committed",
      "go-with-findings",
      observation(),
      { checkout: seen({ uncommitted: ["Pulumi.prod-west.yaml"] }) },
    ],
    [
      "program-deployed",
      "refused",
      observation(),
      { program: seen({ isSame: false, deployedCommit: "0123456789abcdef" }) },
    ],
    [
      "state-elsewhere",
      "go-with-findings",
      observation(),
      { secretsProviders: { primary: undefined, recovery: "awskms://alias/a?region=us-east-1" } },
    ],
    [
      "credentials-account",
      "refused",
      observation(),
      { caller: seen({ account: "1", arn: "arn", expiresAt: undefined }) },
    ],
    [
      "credentials-account",
      "refused",
      observation(),
      { caller: { seen: false, problem: { kind: "denied", message: "STS: ExpiredToken" } } },
    ],
    [
      "stack-free-primary",
      "go-with-findings",
      observation(),
      { states: { ...healthy.states, primary: seen({ lockedBy: "ann@desk (pid 1)" }) } },
    ],
    [
      "credentials-lifetime",
      "go-with-findings",
      observation(),
      {
        caller: seen({
          account: "123456789012",
          arn: "arn",
          expiresAt: new Date("2026-11-24T12:59:00Z"),
        }),
      },
    ],
    [
      "credentials-elsewhere",
      "go-with-findings",
      observation(),
      { credentialRegions: { "sso_region of the profile ops": "us-east-1" } },
    ],
    [
      "engine-installed",
      "refused",
      observation(),
      { installation: seen({ version: "v3", providers: [], backendUrl: "" }) },
    ],
    [
      "stack-free-recovery",
      "go-with-findings",
      observation(),
      recoveryState({ pendingOperations: [{ urn: "u", operation: "updating" }] }),
    ],
    [
      "preview-recovery",
      "go-with-findings",
      observation(),
      {
        previews: {
          primary: seen([]),
          recovery: seen([{ operation: "delete", type: "t", urn: "a::b::c::d", changed: [] }]),
        },
      },
    ],
  ])("%s makes the verdict %s", (id, verdict, observed, more) => {
    const result = judged(observed, more);
    expect(failed(result)).toContain(id);
    expect(result.verdict).toBe(verdict);
  });
});

it("names what a killed engine had begun to create", () => {
  const urn = "urn:pulumi:prod-east::standby::aws:rds/instance:Instance::database-2";
  const pendingOperations = [{ urn, operation: "creating" }];
  const killed = seen({ ...state.value, pendingOperations });
  const { findings } = judged(observation(), { states: { primary: killed, recovery: state } });
  expect(findings).toMatchObject([
    { code: "pending-operations", message: expect.stringContaining("creating database-2") },
  ]);
});

it.each([
  ["03:00-04:00", "03:30", true],
  ["03:00-04:00", "04:00", false],
  ["23:30-00:30", "00:10", true],
  ["23:30-00:30", "12:00", false],
  ["", "12:00", false],
])("knows for the window %j whether %s is in it", (window, time, within) => {
  expect(isWithin(window, new Date(`2026-11-24T${time}:00Z`))).toBe(within);
});

describe("the expected loss", () => {
  const at = new Date("2026-11-24T12:00:00Z");
  const lossOf = (observed: Observation) => expectedLoss(pictureOf(observed), deployment, at);
  const uuid = "11111111-1111-1111-1111-111111111111";

  it("is the transactions that the replica lacks, while both answer", () => {
    const behind = seen({ ...replicating().value, transactions: `${uuid}:1-97` });
    expect(lossOf(observation({ west: [replica("us-west-2", { inside: behind })] }))).toMatchObject(
      {
        transactions: 3,
        summary: expect.stringContaining("3 transactions"),
      },
    );
  });

  it("is the age of the newest heartbeat and the lag, when the source is dark", () => {
    const inside = seen({
      ...replicating({ lagSeconds: 2 }).value,
      heartbeat: { region: "us-east-1", writtenAt: "2026-11-24T11:59:40Z" },
    });
    expect(
      lossOf(observation({ east: "dark", west: [replica("us-west-2", { inside })] })),
    ).toMatchObject({ transactions: null, heartbeatAgeSeconds: 20, lagSeconds: 2 });
  });

  it("is unknown, and not nothing, when nobody can say", () => {
    expect(lossOf(observation({ east: "dark", west: "dark" }))).toEqual({
      transactions: null,
      heartbeatAgeSeconds: null,
      lagSeconds: null,
      summary: expect.stringContaining("unknown"),
    });
  });
});
