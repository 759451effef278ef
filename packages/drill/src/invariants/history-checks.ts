import { acknowledgements, firstAcknowledgementAfter } from "../history.ts";
import { count, defineCheck, some } from "./check.ts";

/**
 * How long before the loss an acknowledged write may be lost. Replication is asynchronous: what it had not carried over when
 * the Region went is gone. A local replica is milliseconds behind; more than this means that replication did not run.
 */
const lossWindowSeconds = 2;

export const noWriteLostAfterFailover = defineCheck(
  "no-write-lost-after-failover",
  ["verification"],
  ({ attempts, verification, recoveryRegion }) => {
    const missing = new Set(verification.missing);
    const kept = acknowledgements(attempts).filter((each) => each.region === recoveryRegion);
    const lost = kept.filter((each) => missing.has(each.orderId)).map((each) => each.orderId);
    return {
      ok: kept.length > 0 && lost.length === 0,
      detail:
        lost.length === 0
          ? `all ${kept.length} acknowledged through ${recoveryRegion} are there`
          : `${count(lost.length, "order")} acknowledged through ${recoveryRegion} missing: ${some(lost)}`,
    };
  },
);

/** Two things: lost writes are young, and replication left no hole, a lost write older than one that came over. */
export const lossesOnlyJustBeforeTheLoss = defineCheck(
  "losses-only-just-before-the-loss",
  ["verification", "lossAt"],
  ({ attempts, verification, lossAt, primaryRegion }) => {
    const missing = new Set(verification.missing);
    const writes = acknowledgements(attempts).filter((each) => each.region === primaryRegion);
    const lost = writes.filter((each) => missing.has(each.orderId));
    if (lost.length === 0)
      return { ok: writes.length > 0, detail: `none of ${count(writes.length, "write")} was lost` };
    const oldestEnd = Math.min(...lost.map((each) => each.endedAt));
    const age = (lossAt - oldestEnd) / 1000;
    const later = writes.filter((each) => !missing.has(each.orderId) && each.startedAt > oldestEnd);
    if (later.length > 0)
      return {
        ok: false,
        detail: `${count(later.length, "write")} begun after a lost one came over`,
      };
    return {
      ok: age <= lossWindowSeconds,
      detail: `${count(lost.length, "write")} lost, the oldest acknowledged ${Math.max(age, 0).toFixed(3)} s before the loss`,
    };
  },
);

export const oneRegionAcknowledges = defineCheck(
  "one-region-acknowledges",
  ["lossAt"],
  ({ attempts, lossAt, primaryRegion, recoveryRegion }) => {
    const all = acknowledgements(attempts);
    const through = (region: string) =>
      new Set(all.filter((each) => each.region === region).flatMap((e) => [e.key, e.orderId]));
    const primary = through(primaryRegion);
    const both = [...through(recoveryRegion)].filter((each) => primary.has(each));
    const takeover = firstAcknowledgementAfter(attempts, lossAt, recoveryRegion);
    const late = all.filter(
      (each) => takeover && each.region === primaryRegion && each.endedAt > takeover.endedAt,
    );
    if (both.length > 0)
      return { ok: false, detail: `acknowledged through both Regions: ${some(both)}` };
    if (late.length > 0)
      return {
        ok: false,
        detail: `${count(late.length, "write")} acknowledged through ${primaryRegion} after ${recoveryRegion} had taken over`,
      };
    return { ok: true, detail: "no write was acknowledged through both, and never by turns" };
  },
);

/** Both applications use the one database behind the CNAME: until the loss, what one acknowledged the other finds. */
export const readsSeeAcknowledgedWrites = defineCheck(
  "reads-see-acknowledged-writes",
  ["lossAt"],
  ({ attempts, lossAt, recoveryRegion }) => {
    const written = new Map(acknowledgements(attempts).map((each) => [each.orderId, each]));
    const reads = attempts.filter((each) => each.kind === "read");
    const found = reads.filter((each) => each.outcome === "found").length;
    const wrong = reads.filter((read) => {
      const write = written.get(read.orderId);
      if (read.outcome !== "missing" || !write || read.startedAt < write.endedAt) return false;
      return write.region === recoveryRegion || read.endedAt < lossAt;
    });
    return {
      ok: found > 0 && wrong.length === 0,
      detail:
        wrong.length === 0
          ? `${count(found, "read")} found what had been acknowledged`
          : `${count(wrong.length, "read")} missed an acknowledged order: ${some(wrong.map((e) => e.orderId))}`,
    };
  },
);

export const servesAfterFailover = defineCheck(
  "application-serves-after-failover",
  ["lossAt"],
  ({ attempts, lossAt, recoveryRegion }) => {
    const first = firstAcknowledgementAfter(attempts, lossAt, recoveryRegion);
    if (!first) return { ok: false, detail: `no write was acknowledged through ${recoveryRegion}` };
    const later = attempts.filter(
      (each) => each.region === recoveryRegion && each.startedAt >= first.endedAt,
    );
    const writes = acknowledgements(later).length;
    const reads = later.filter((each) => each.kind === "read" && each.outcome === "found").length;
    return {
      ok: writes > 0 && reads > 0,
      detail: `${count(writes, "more write")} and ${count(reads, "read")} succeeded through ${recoveryRegion} after the first`,
    };
  },
);
