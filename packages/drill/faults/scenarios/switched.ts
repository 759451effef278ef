import { setTimeout as sleep } from "node:timers/promises";
import { dnsSwitchMetric, dnsSwitchNamespace } from "@standby/topology";
import { byHand } from "../by-hand.ts";
import type { FaultPair } from "../fault-pair.ts";
import {
  callsAfter,
  lookAt,
  lookUntil,
  recordTarget,
  recordTargetUntil,
  saidBy,
  writeUntil,
} from "../looks.ts";
import { type Observed, observed, type Scenario } from "../scenario.ts";

/* With `dnsSwitch: health-check`: what takes the place of the scenarios that break a change of the record. */

const service = "orders-prod";
const [primaryRegion, recoveryRegion] = ["us-east-1", "us-west-2"];
const haste = new URL("../failover-in-haste.ts", import.meta.url).pathname;
const words = ["failover", "--yes", "--accept-data-loss", "unknown"] as const;

/** Alarms that rang, by name, in order. */
const rung = ({ cloud }: FaultPair): readonly string[] =>
  cloud
    .notifications()
    .flatMap(({ subject }) => /^ALARM: "([^"]+)"/.exec(subject)?.[1] ?? [])
    .filter((name) => name.includes("-name-in-"));

/** Somebody with every right over CloudWatch publishes what the switch's function does not. */
export const metricBeforePromotion: Scenario = {
  rows: [12],
  async run(pair) {
    const { cloud, addresses, orders } = pair;
    const stop = new AbortController();
    const publishing = publishForeign(pair, 1, stop.signal);
    let status: Awaited<ReturnType<typeof lookUntil>>;
    let answer: string;
    try {
      status = await lookUntil(pair, ({ codes }) => codes.includes("record-behind"), 60);
      answer = await writeUntil(orders.east, (each) => each !== "taken");
    } finally {
      stop.abort();
      await publishing;
    }
    const back = await recordTargetUntil(pair, addresses.east, 60);
    await writeUntil(orders.east, (each) => each === "taken");
    return [
      observed(
        12,
        status.codes.includes("record-behind") &&
          answer === "HTTP 503 database-read-only" &&
          rung(pair).includes(`${service}-name-in-recovery-region`) &&
          back === addresses.east &&
          cloud.lastLoss === undefined,
        `status: ${status.verdict}, ${status.codes.join(", ")}; a write: ${answer}`,
        `rang: ${[...new Set(rung(pair))].join(", ")}; when the stranger stops, the name returns by itself: ${back}`,
      ),
    ];
  },
};

const publicationMilliseconds = 300;

async function publishForeign(
  { cloud }: FaultPair,
  value: number,
  until: AbortSignal,
): Promise<void> {
  const { name, dimension } = dnsSwitchMetric;
  while (!until.aborted) {
    await byHand(cloud).putMetric(recoveryRegion, {
      namespace: dnsSwitchNamespace(service),
      name,
      dimension: { name: dimension, value: service },
      value,
    });
    await sleep(publicationMilliseconds);
  }
}

const deadlineSeconds = 3;
/** Of the command's own start, on a busy machine. */
const processSeconds = 10;

/** us-east-1 is silent and Route 53's control plane is down with it; first nothing is published, then what publishes is throttled. */
export const lostRegionSwitched: Scenario = {
  rows: [1, 3, 4, 5, 6, 7, 18, 41],
  isOneWay: true,
  async run(pair) {
    const { cloud, addresses } = pair;
    await cloud.lose(primaryRegion, "hang");
    cloud.loseRoute53ControlPlane("hang");
    const dark = await lookAt(pair);
    const first = await withoutPublication(pair);
    const last = await withImpatientServices(pair);
    const calls = [...first.calls, ...last.calls];
    const isDone = last.exitCode === 0 && last.target === addresses.west;
    const end = `exit ${last.exitCode}${last.exitCode === 0 ? "" : ` (${saidBy(last.stderr)})`}`;
    const stays = await underContradiction(pair);
    cloud.restoreRoute53ControlPlane();
    return [
      ...judgeCalls(first.calls, calls, isDone),
      observed(
        3,
        dark.seconds < deadlineSeconds + processSeconds &&
          dark.regions[primaryRegion]?.reachable === false &&
          isDone,
        `status came back after ${dark.seconds.toFixed(1)} s with what it saw; the failover ended too`,
      ),
      observed(
        4,
        isDone && !calls.some((call) => call.includes(" route53:")),
        `${end}, the CNAME names ${last.target}; calls of Route 53: ${calls.filter((call) => call.includes(" route53:")).length}`,
      ),
      observed(
        5,
        first.exitCode === 4 && first.writable === true && first.named === addresses.east && isDone,
        `exit ${first.exitCode}: promoted, the CNAME names ${first.named}; ${saidBy(first.stderr)}`,
        `the same command goes on: ${end}`,
      ),
      observed(
        6,
        stays.target === addresses.west && stays.rung.includes(`${service}-name-in-primary-region`),
        `with zeros published beside the function for ${stays.seconds.toFixed(0)} s the CNAME names ${stays.target}; rang: ${stays.rung.join(", ")}`,
      ),
      observed(
        7,
        isDone && last.answer === "taken",
        `each of the three was retried: ${end}; a write: ${last.answer}`,
      ),
    ];
  },
};

/** Neither the function nor its schedule gets a datapoint through: the promotion is done, and the name stays. */
async function withoutPublication(pair: FaultPair) {
  const { cloud } = pair;
  cloud.addFault({
    service: "cloudwatch",
    operation: "PutMetricData",
    region: recoveryRegion,
    kind: "refuse",
    errorCode: "InternalServiceFault",
    status: 500,
    times: 10_000,
  });
  const after = cloud.calls().length;
  const { exitCode, stderr } = await pair.run(haste);
  const calls = callsAfter(pair, after);
  const named = await recordTarget(pair);
  cloud.clearFaults();
  const { regions } = await lookAt(pair);
  const { writable } = regions[recoveryRegion]?.databases?.at(-1) ?? {};
  return { exitCode, stderr, calls, named, writable };
}

async function withImpatientServices(pair: FaultPair) {
  const { cloud, addresses, orders } = pair;
  const once = { kind: "refuse", times: 1, region: recoveryRegion } as const;
  cloud.addFault({
    ...once,
    service: "lambda",
    operation: "Invoke",
    errorCode: "TooManyRequestsException",
    status: 429,
  });
  cloud.addFault({
    ...once,
    service: "cloudwatch",
    operation: "PutMetricData",
    errorCode: "Throttling",
  });
  const after = cloud.calls().length;
  const { exitCode, stderr } = await pair.standby(...words);
  cloud.clearFaults();
  const calls = callsAfter(pair, after);
  const target = await recordTargetUntil(pair, addresses.west);
  const answer = await writeUntil(orders.west, (each) => each === "taken");
  return { exitCode, stderr, calls, target, answer };
}

const contradictedSeconds = 12;

/** Six of the local cloud's minutes: the function says one Region, and somebody else the other. */
async function underContradiction(pair: FaultPair) {
  const began = performance.now();
  const before = rung(pair).length;
  const targets = new Set<string>();
  const stop = AbortSignal.timeout(contradictedSeconds * 1000);
  const publishing = publishForeign(pair, 0, stop);
  while (!stop.aborted) {
    targets.add(await recordTarget(pair));
    await sleep(publicationMilliseconds);
  }
  await publishing;
  return {
    target: [...targets].join(", "),
    rung: [...new Set(rung(pair).slice(before))],
    seconds: (performance.now() - began) / 1000,
  };
}

function judgeCalls(
  first: readonly string[],
  calls: readonly string[],
  isDone: boolean,
): readonly Observed[] {
  const touched = [
    ...new Set(
      first.filter((call) => call.startsWith(primaryRegion)).map((call) => call.split(" ")[1]),
    ),
  ];
  const promotion = calls.findIndex((call) => call.endsWith("rds:PromoteReadReplica"));
  const change = calls.findIndex((call) => call.endsWith("lambda:UpdateFunctionConfiguration"));
  const between = calls.slice(promotion, change);
  const identities = calls.filter((call) => / iam:/.test(call));
  return [
    observed(
      1,
      isDone && touched.every((call) => /:(Describe|Get|List)/.test(call ?? "")),
      `of us-east-1 nothing was asked but ${touched.join(", ")}`,
    ),
    observed(
      18,
      isDone &&
        promotion >= 0 &&
        change > promotion &&
        between.some((call) => call.includes("DescribeDBInstances")),
      "the function was told the new Region after RDS had shown the database standalone and available",
    ),
    observed(41, isDone && identities.length === 0, `${identities.length} calls of IAM`),
  ];
}
