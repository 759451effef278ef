import { expect, it } from "vitest";
import type { Evidence } from "../src/evidence.ts";
import { judge } from "../src/invariants/index.ts";
import {
  call,
  goodCalls,
  goodEvidence,
  lossAt,
  primaryAddress,
  primaryRegion,
  read,
  recoveryAddress,
  recoveryRegion,
  stackOutputs,
  write,
} from "./good-evidence.ts";

const failed = (evidence: Evidence) =>
  judge(evidence)
    .filter((check) => !check.ok)
    .map((check) => check.id);

const good = goodEvidence();
const withAttempts = (...more: Evidence["attempts"]): Evidence => ({
  ...good,
  attempts: [...good.attempts, ...more],
});
const answer = (at: number, value: string, resolved = true) => ({
  at: lossAt + at,
  value,
  resolved,
  ttlSeconds: 5,
});

it("holds every check for a drill in which all went well", () => {
  expect(failed(good)).toEqual([]);
});

it("fails every check whose evidence was not reached, and says so", () => {
  const { lossMode, workloadPrincipal } = good;
  const results = judge({
    lossMode,
    dnsSwitch: "record" as const,
    route53IsDown: false,
    primaryRegion,
    recoveryRegion,
    workloadPrincipal,
    phases: [],
    attempts: [],
    answers: [],
    lags: [],
  });
  expect(results.filter((check) => check.ok)).toEqual([]);
  expect(results[0]?.detail).toBe("the drill did not get this far");
});

const outputs = { primary: stackOutputs("primary"), recovery: stackOutputs("recovery") };
const [first, second] = good.preview ?? [];
const promotion = call(102, "PromoteReadReplica", 2500);
const change = call(105, "ChangeResourceRecordSets", 6000, {
  region: primaryRegion,
  service: "route53",
});
const look = call(103, "DescribeDBInstances", 3000);

/** The same course with the name moved by a health check: no call of Route 53, and the function told in its record's place. */
const switched: Evidence = {
  ...good,
  dnsSwitch: "health-check",
  route53IsDown: true,
  callsAfterLoss: [
    promotion,
    look,
    { ...look, sequence: change.sequence, operation: "UpdateFunctionConfiguration" },
  ],
  preview: [
    ...(good.preview ?? []).slice(0, 1),
    {
      urn: "f",
      type: "aws:lambda/function:Function",
      operation: "update",
      properties: ["environment"],
    },
    ...["a", "b"].map((urn) => ({
      urn,
      type: "aws:cloudwatch/metricAlarm:MetricAlarm",
      operation: "update",
      properties: ["actionsEnabled"],
    })),
  ],
};

it("holds every check of a failover whose name a health check moves", () => {
  expect(judge(switched).filter(({ ok }) => !ok)).toEqual([]);
});

const broken: readonly (readonly [string, string, Evidence])[] = [
  [
    "stacks-came-up",
    "both stacks have the same role",
    { ...good, outputs: { ...outputs, primary: stackOutputs("recovery") } },
  ],
  [
    "second-up-changes-nothing",
    "one stack changes again",
    { ...good, secondUps: [{ stack: "prod-west", changed: true }] },
  ],
  ["failover-preview-is-the-move", "nothing is planned", { ...good, preview: [] }],
  [
    "failover-preview-is-the-move",
    "a third resource changes",
    {
      ...good,
      preview: [
        ...(good.preview ?? []),
        { urn: "u", type: "aws:kms/key:Key", operation: "update", properties: ["policy"] },
      ],
    },
  ],
  [
    "failover-preview-is-the-move",
    "the database is replaced",
    {
      ...good,
      preview: [first, second].flatMap((e) => (e ? [{ ...e, operation: "replace" }] : [])),
    },
  ],
  [
    "failover-preview-is-the-move",
    "the database changes in something else than its source",
    {
      ...good,
      preview: [first, second].flatMap((e) => (e ? [{ ...e, properties: ["tags"] }] : [])),
    },
  ],
  [
    "promotion-before-move",
    "the record moves first",
    { ...good, callsAfterLoss: [change, look, { ...promotion, sequence: 106 }] },
  ],
  [
    "promotion-before-move",
    "nobody looks at the promoted database",
    { ...good, callsAfterLoss: [promotion, change] },
  ],
  [
    "promotion-before-move",
    "the promotion is refused",
    { ...good, callsAfterLoss: [{ ...promotion, status: 400 }, look, change] },
  ],
  [
    "promotion-before-move",
    "the record moves twice",
    { ...good, callsAfterLoss: [promotion, look, change, { ...change, sequence: 106 }] },
  ],
  ["promotion-before-move", "nothing is promoted", { ...good, callsAfterLoss: [look, change] }],
  [
    "promotion-before-move",
    "the name is moved by its record although a health check moves it",
    { ...good, dnsSwitch: "health-check" },
  ],
  [
    "route53-control-plane-untouched",
    "a move by the health check changes the record",
    { ...good, dnsSwitch: "health-check" },
  ],
  [
    "name-moves-once",
    "the name never moves",
    { ...good, answers: [answer(-1, primaryAddress), answer(9000, primaryAddress)] },
  ],
  [
    "name-moves-once",
    "the name flaps",
    {
      ...good,
      answers: [...good.answers, answer(6500, primaryAddress), answer(6600, recoveryAddress)],
    },
  ],
  [
    "name-moves-once",
    "the name moves to an unknown host",
    { ...good, answers: [answer(-1, primaryAddress), answer(6000, "elsewhere.example")] },
  ],
  [
    "name-moves-once",
    "the name moves before the flag is set",
    { ...good, answers: [answer(-9000, primaryAddress), answer(-1, recoveryAddress)] },
  ],
  ["name-always-resolves", "nobody asked", { ...good, answers: [] }],
  [
    "name-always-resolves",
    "one answer is NXDOMAIN",
    { ...good, answers: [...good.answers, answer(7000, "NXDOMAIN", false)] },
  ],
  [
    "own-secret-copy",
    "the application reads the lost Region's secret",
    {
      ...good,
      health: {
        region: recoveryRegion,
        secret: { arn: outputs.primary.secretArn, versionId: "v1" },
        database: { host: "db.orders.internal", target: recoveryAddress, role: "writer" },
      },
    },
  ],
  [
    "own-secret-copy",
    "another secret of the right Region is used",
    {
      ...good,
      outputs: {
        ...outputs,
        recovery: { ...outputs.recovery, secretArn: `${outputs.recovery.secretArn}2` },
      },
    },
  ],
  [
    "same-host-name",
    "the application bypasses the CNAME",
    {
      ...good,
      health: {
        region: recoveryRegion,
        secret: { arn: outputs.recovery.secretArn, versionId: "v1" },
        database: { host: recoveryAddress, target: recoveryAddress, role: "writer" },
      },
    },
  ],
  [
    "application-serves-after-failover",
    "no read succeeds after the failover",
    { ...good, attempts: good.attempts.filter((each) => each.kind === "write") },
  ],
  [
    "application-serves-after-failover",
    "one write succeeds and then no more",
    { ...good, attempts: good.attempts.filter((e) => e.kind === "read" || e.orderId !== "w2") },
  ],
  [
    "no-write-lost-after-failover",
    "a write that the recovery Region acknowledged is gone",
    { ...good, verification: { checked: 5, missing: ["w1"] } },
  ],
  [
    "losses-only-just-before-the-loss",
    "an old write is gone",
    { ...good, verification: { checked: 5, missing: ["e2", "e3"] } },
  ],
  [
    "losses-only-just-before-the-loss",
    "a young write is gone and one begun later came over",
    {
      ...withAttempts(write("e4", primaryRegion, -15)),
      verification: { checked: 6, missing: ["e3"] },
    },
  ],
  [
    "one-region-acknowledges",
    "one key is acknowledged through both Regions",
    withAttempts(write("other", recoveryRegion, 7500, "key-e3")),
  ],
  [
    "one-region-acknowledges",
    "one order is acknowledged through both Regions",
    withAttempts(write("e3", recoveryRegion, 7500, "key-other")),
  ],
  [
    "one-region-acknowledges",
    "the lost Region acknowledges after the other took over",
    withAttempts(write("e9", primaryRegion, 7500)),
  ],
  [
    "reads-see-acknowledged-writes",
    "a read after the failover misses a write of the recovery Region",
    withAttempts(read("w1", recoveryRegion, 7600, "missing")),
  ],
  [
    "reads-see-acknowledged-writes",
    "a read before the loss misses an acknowledged write",
    withAttempts(read("e1", recoveryRegion, -1000, "missing")),
  ],
  [
    "lost-region-untouched",
    "the operator asks the lost Region's RDS",
    {
      ...good,
      callsAfterLoss: [
        ...goodCalls,
        call(107, "DescribeDBInstances", 7000, { region: primaryRegion, outcome: "hang" }),
      ],
    },
  ],
  [
    "lost-region-untouched",
    "the command asks the lost Region's RDS again and again",
    {
      ...good,
      movedBy: "command",
      callsAfterLoss: [
        ...goodCalls,
        ...[107, 108, 109].map((number) =>
          call(number, "DescribeDBInstances", 7000, { region: primaryRegion, outcome: "hang" }),
        ),
      ],
    },
  ],
  ["lost-region-untouched", "the request log is empty", { ...good, callsAfterLoss: [] }],
  [
    "failover-repeats-quietly",
    "the second failover changes something",
    { ...good, repeatedFailover: { stack: "prod-west", changed: true } },
  ],
  [
    "stack-files-untouched",
    "a stack file is edited",
    { ...good, stackFiles: { before: { a: "1" }, after: { a: "2" } } },
  ],
  [
    "stack-files-untouched",
    "a stack file appears",
    { ...good, stackFiles: { before: { a: "1" }, after: { a: "1", b: "1" } } },
  ],
];

it.each(broken)("%s fails when %s", (id, _what, evidence) => {
  expect(failed(evidence)).toContain(id);
});

it("has a broken history for every check", () => {
  const proven = new Set(broken.map(([id]) => id));
  expect(
    judge(good)
      .map((check) => check.id)
      .filter((id) => !proven.has(id)),
  ).toEqual([]);
});

it("accepts and counts a write lost in the last moment before the loss", () => {
  const evidence = { ...good, verification: { checked: 5, missing: ["e3"] } };
  expect(failed(evidence)).toEqual([]);
});

it("accepts that a write of the last moment is missing when read in the recovery Region after the loss", () => {
  const evidence = {
    ...withAttempts(read("e3", recoveryRegion, 7600, "missing")),
    verification: { checked: 5, missing: ["e3"] },
  };
  expect(failed(evidence)).toEqual([]);
});

it("does not hold the load's own calls against the failover", () => {
  const invocation = { region: primaryRegion, service: "lambda" } as const;
  const principal = good.workloadPrincipal;
  const calls = [...goodCalls, call(110, "Invoke", 50, { ...invocation, principal })];
  expect(failed({ ...good, callsAfterLoss: calls })).toEqual([]);
});
