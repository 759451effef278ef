import type { Call, Dials } from "@standby/local-cloud";
import type { Evidence } from "./evidence.ts";
import { firstAcknowledgementAfter } from "./history.ts";
import { moveOperation } from "./invariants/call-checks.ts";

/** What the dials made up between the flag and the first acknowledged write, each part as observed. */
export interface SimulatedShares {
  readonly promotionSeconds: number;
  /** Of the change, until the name servers answer it: Route 53's propagation, or the metric's period and the health check's look. */
  readonly propagationSeconds: number;
  readonly timeToLiveSeconds: number;
}

/**
 * How long the outage lasted for the clients, and whose time it was. `fromFlag` = `ours` + `simulatedAws`, always.
 *
 * The end is the first write acknowledged through the recovery Region. From the flag to that moment, three spans belong to
 * AWS, each as it was observed and never more than the dials make up, so that our own slowness cannot hide in them:
 * - promotion: from the accepted `PromoteReadReplica` to the last look at the database before the record is changed, at most
 *   the promotion's dial and the provider's waiter on top of it;
 * - propagation: from the accepted move of the name to the first DNS answer that names the recovery Region's database, at most
 *   its dial; with a health check, the wait for the next publication, its period, and the check's look at it;
 * - time to live: from that answer to the begin of the last write that still failed, at most the TTL that the last answer
 *   before it carried. A write begun later was not led astray by an old answer: a wait without failures is ours.
 * Everything else is ours: the engine, the program, the application's way to the new database.
 */
export interface RecoveryTime {
  readonly fromLossSeconds: number;
  readonly fromFlagSeconds: number;
  readonly oursSeconds: number;
  readonly simulatedAwsSeconds: number;
  readonly shares: SimulatedShares;
}

/** Undefined when the drill did not get as far as an acknowledged write in the recovery Region. */
export function recoveryTime(evidence: Evidence): RecoveryTime | undefined {
  const { lossAt, flagAt, dials, outputs, recoveryRegion } = evidence;
  if (lossAt === undefined || flagAt === undefined || !dials || !outputs) return undefined;
  const first = firstAcknowledgementAfter(evidence.attempts, lossAt, recoveryRegion);
  if (!first) return undefined;
  const target = outputs.recovery.database.address;
  const shares = simulatedShares(evidence, dials, target, first.endedAt);
  const simulated = shares.promotionSeconds + shares.propagationSeconds + shares.timeToLiveSeconds;
  const fromFlagSeconds = (first.endedAt - flagAt) / 1000;
  return {
    fromLossSeconds: round((first.endedAt - lossAt) / 1000),
    fromFlagSeconds: round(fromFlagSeconds),
    oursSeconds: round(fromFlagSeconds - simulated),
    simulatedAwsSeconds: round(simulated),
    shares,
  };
}

function simulatedShares(
  evidence: Evidence,
  dials: Dials,
  target: string,
  end: number,
): SimulatedShares {
  const calls = evidence.callsAfterLoss ?? [];
  const operation = moveOperation[evidence.dnsSwitch];
  const promotion = promotionSpan(calls, operation, dials, end);
  const changeAt = timeOf(calls.find(isAccepted(operation))) ?? end;
  const moved = evidence.answers.find((each) => each.at >= changeAt && each.value === target);
  const movedAt = moved?.at ?? end;
  const before = evidence.answers.findLast((each) => each.at < movedAt && each.resolved);
  const astray = evidence.attempts
    .filter((each) => each.kind === "write" && each.orderId === undefined)
    .filter((each) => each.region === evidence.recoveryRegion && each.startedAt < end)
    .map((each) => each.startedAt);
  return {
    promotionSeconds: promotion,
    propagationSeconds: span(changeAt, movedAt, end, propagationDial(dials, evidence)),
    timeToLiveSeconds: span(movedAt, Math.max(movedAt, ...astray), end, before?.ttlSeconds ?? 0),
  };
}

/** With a health check: until the next minute's publication, that minute's end, and the next look. */
const propagationDial = (dials: Dials, { dnsSwitch }: Evidence): number =>
  dnsSwitch === "record"
    ? dials.recordPropagationSeconds
    : 2 * dials.scheduleMinuteSeconds + dials.healthCheckSeconds;

function promotionSpan(
  calls: readonly Call[],
  moveName: string,
  dials: Dials,
  end: number,
): number {
  const promote = calls.find(isAccepted("PromoteReadReplica"));
  if (!promote) return 0;
  const change = calls.find(isAccepted(moveName));
  const between = calls.filter(
    (call) =>
      call.service === "rds" &&
      call.sequence > promote.sequence &&
      (change === undefined || call.sequence < change.sequence),
  );
  const lastLook = between.findLast((call) => call.operation === "DescribeDBInstances");
  const modifications = between.filter(isAccepted("ModifyDBInstance")).length;
  const most =
    wait(dials.promotionSeconds, dials.databaseWaiter) +
    modifications * wait(dials.modificationSeconds, dials.databaseWaiter);
  const start = Date.parse(promote.at);
  return span(start, timeOf(lastLook) ?? start, end, most);
}

/** The longest that a waiter takes for something that is there after `seconds`. */
const wait = (seconds: number, waiter: Dials["databaseWaiter"]): number =>
  Math.max(waiter.firstSeconds, seconds + waiter.intervalSeconds) +
  (waiter.consecutive - 1) * waiter.intervalSeconds;

/** Seconds from `from` to `to`, cut off at the end of the outage and at `most`. */
const span = (from: number, to: number, end: number, most: number): number =>
  round(Math.min(Math.max((Math.min(to, end) - from) / 1000, 0), most));

const isAccepted =
  (operation: string) =>
  (call: Call): boolean =>
    call.operation === operation && call.status === 200;

const timeOf = (call: Call | undefined): number | undefined =>
  call === undefined ? undefined : Date.parse(call.at);

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
