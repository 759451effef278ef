import { firstAcknowledgementAfter } from "../history.ts";
import { count, defineCheck, some } from "./check.ts";

/**
 * Rotations before the loss, cut off by it, and after the failover; the only requests that fail are those of the outage itself: from
 * the loss to the first write that the recovery Region acknowledges.
 */
export const rotationsFailNoRequest = defineCheck(
  "rotations-fail-no-request",
  ["rotations", "lossAt"],
  ({ attempts, rotations, lossAt, primaryRegion, recoveryRegion }) => {
    const takeover = firstAcknowledgementAfter(attempts, lossAt, recoveryRegion)?.endedAt;
    const inOutage = (startedAt: number, endedAt: number) =>
      endedAt >= lossAt && (takeover === undefined || startedAt <= takeover);
    const failed = attempts.filter(
      (each) =>
        !inOutage(each.startedAt, each.endedAt) &&
        (each.kind === "write" ? each.orderId === undefined : each.outcome === "failed"),
    );
    const [before, after] = [primaryRegion, recoveryRegion].map(
      (region) => rotations.filter((each) => each.region === region).length,
    );
    const rotated = `${before} rotations through ${primaryRegion} before the loss, ${after} through ${recoveryRegion} after it`;
    return {
      ok: failed.length === 0 && Number(before) > 0 && Number(after) > 0,
      detail:
        failed.length === 0
          ? `${rotated}, no request failed by one`
          : `${rotated}; ${count(failed.length, "request")} failed: ${some(failed.map(({ detail }) => detail ?? "no reason"))}`,
    };
  },
);
