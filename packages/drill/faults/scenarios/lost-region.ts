import type { Fault } from "@standby/local-cloud";
import type { FaultPair } from "../fault-pair.ts";
import {
  callsAfter,
  lookAt,
  lookUntil,
  recordTarget,
  recordTargetUntil,
  saidBy,
  write,
  writeUntil,
} from "../looks.ts";
import { type Observed, observed, type Scenario } from "../scenario.ts";

const haste = new URL("../failover-in-haste.ts", import.meta.url).pathname;
const words = ["failover", "--yes", "--accept-data-loss", "unknown"] as const;

const onRecord = (fault: Pick<Fault, "kind" | "times" | "errorCode" | "status">): Fault => ({
  service: "route53",
  operation: "ChangeResourceRecordSets",
  ...fault,
});

const lostRegion = "us-east-1";
const deadlineSeconds = 3;
/** Of the command's own start, on a busy machine. */
const processSeconds = 10;

/** us-east-1 accepts connections and never answers. Route 53 fails in one way after another, and the same command goes on. */
export const lostRegionFailover: Scenario = {
  rows: [1, 3, 4, 5, 7, 18, 41],
  isOneWay: true,
  async run(pair) {
    await pair.cloud.lose(lostRegion, "hang");
    const dark = await lookAt(pair);
    const first = await withoutControlPlane(pair);
    const pending = await withChangeLeftPending(pair);
    const last = await withImpatientControlPlane(pair);
    const isDone = last.exitCode === 0 && last.target === pair.addresses.west;
    const end = `exit ${last.exitCode}${last.exitCode === 0 ? "" : ` (${saidBy(last.stderr)})`}`;
    return [
      ...judgeCalls(first.calls, [...first.calls, ...last.calls], isDone),
      observed(
        3,
        dark.seconds < deadlineSeconds + processSeconds &&
          dark.regions[lostRegion]?.reachable === false &&
          isDone,
        `status came back after ${dark.seconds.toFixed(1)} s with what it saw; the failover ended too`,
      ),
      observed(
        4,
        first.exitCode === 4 &&
          first.writable === true &&
          first.named === pair.addresses.east &&
          isDone,
        `exit ${first.exitCode}: promoted, the CNAME names ${first.named}`,
        `the same command goes on at the CNAME: ${end}`,
      ),
      observed(5, pending.exitCode === 4, `exit ${pending.exitCode}: ${lastLine(pending.stderr)}`),
      observed(
        7,
        isDone && last.answer === "taken",
        `each of the two was retried: ${end}; a write: ${last.answer}`,
      ),
    ];
  },
};

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

async function withoutControlPlane(pair: FaultPair) {
  const { cloud } = pair;
  const after = cloud.calls().length;
  cloud.addFault(onRecord({ kind: "refuse", times: 1000, status: 503 }));
  const { exitCode } = await pair.standby(...words);
  cloud.clearFaults();
  const calls = callsAfter(pair, after);
  const named = await recordTarget(pair);
  const { regions } = await lookAt(pair);
  return { exitCode, calls, named, writable: regions["us-west-2"]?.databases?.at(-1)?.writable };
}

/** The deadline of this update is minutes: the command's own steps, with a shorter one. */
async function withChangeLeftPending(pair: FaultPair) {
  pair.cloud.addFault(onRecord({ kind: "fail-later", times: 1000 }));
  const ended = await pair.run(haste);
  pair.cloud.clearFaults();
  return ended;
}

async function withImpatientControlPlane(pair: FaultPair) {
  const { cloud, addresses, orders } = pair;
  const after = cloud.calls().length;
  cloud.addFault(onRecord({ kind: "refuse", times: 1, errorCode: "PriorRequestNotComplete" }));
  cloud.addFault({
    service: "route53",
    operation: "GetChange",
    kind: "refuse",
    times: 1,
    errorCode: "Throttling",
  });
  const { exitCode, stderr } = await pair.standby(...words);
  cloud.clearFaults();
  const calls = callsAfter(pair, after);
  const target = await recordTargetUntil(pair, addresses.west);
  const answer = await writeUntil(orders.west, (each) => each === "taken");
  return { exitCode, stderr, calls, target, answer };
}

function judgeCalls(
  first: readonly string[],
  calls: readonly string[],
  isDone: boolean,
): readonly Observed[] {
  const touched = [
    ...new Set(
      first.filter((call) => call.startsWith(lostRegion)).map((call) => call.split(" ")[1]),
    ),
  ];
  const beyond = touched.filter((call) => !call?.startsWith("route53:"));
  const changing = beyond.filter((call) => !/:(Describe|Get|List)/.test(call ?? ""));
  const promotion = calls.findIndex((call) => call.endsWith("rds:PromoteReadReplica"));
  const change = calls.findIndex((call) => call.endsWith(":ChangeResourceRecordSets"));
  const between = calls.slice(promotion, change);
  const identities = calls.filter((call) => / iam:/.test(call));
  return [
    observed(
      1,
      isDone && changing.length === 0,
      `of us-east-1 nothing was asked but ${touched.join(", ")}`,
    ),
    observed(
      18,
      isDone &&
        promotion >= 0 &&
        change > promotion &&
        between.some((call) => call.includes("DescribeDBInstances")),
      "the first change of the CNAME came after RDS had shown the database standalone and available",
    ),
    observed(41, isDone && identities.length === 0, `${identities.length} calls of IAM`),
  ];
}

/** The lost Region comes back with a source that never heard of the failover. */
export const returnOfRegion: Scenario = {
  rows: [20, 22],
  isOneWay: true,
  async run(pair) {
    const { cloud, addresses } = pair;
    await cloud.restore(lostRegion);
    const split = await lookUntil(pair, ({ verdict }) => verdict === "split-brain");
    const inEast = await write(pair.orders.east);
    const after = cloud.calls().at(-1)?.sequence ?? 0;
    const { exitCode } = await pair.pulumi("up", "-s", "prod-east", "--yes", "--skip-preview");
    const target = await recordTarget(pair);
    const created = callsAfter(pair, after).filter((call) => /:(Create|Change|Promote)/.test(call));
    const fenced = await lookUntil(pair, ({ verdict }) => verdict !== "split-brain");
    const old = fenced.regions[lostRegion]?.databases?.at(0);
    return [
      observed(
        20,
        split.verdict === "split-brain" && old?.writable === false && old.fenced,
        `${split.verdict} until pulumi up -s prod-east, then ${fenced.verdict}; ${old?.identifier} is fenced`,
        `the application in us-east-1 wrote where the CNAME leads: ${inEast}`,
      ),
      observed(
        22,
        exitCode === 0 && target === addresses.west && created.length === 0,
        `exit ${exitCode}; the CNAME still names ${target}; nothing was created`,
      ),
    ];
  },
};
