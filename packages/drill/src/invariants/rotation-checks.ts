import type { Move } from "../course.ts";
import { type Attempt, acknowledgements, firstAcknowledgementAfter, givenUp } from "../history.ts";
import type { Rotation } from "../rotation-watch.ts";
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
      (each) => hasFailed(each) && !inOutage(each.startedAt, each.endedAt),
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

const hasFailed = (each: Attempt): boolean =>
  each.kind === "write" ? each.orderId === undefined : each.outcome === "failed";

/**
 * The same of a whole course: rotations before the first move, between each two and after the last, each in the Region whose database
 * takes the writes, and none anywhere else. Between the rebuild that joins the copies and the switchover home there is none: the name
 * leads to one Region and the secret belongs to the other, and rotation waits.
 */
export const courseRotationsFailNoRequest = defineCheck(
  "rotations-of-the-course-fail-no-request",
  ["rotations", "course"],
  ({ attempts, rotations, course: { moves } }) => {
    const pauses = moves.map((move) => ({ from: move.startedAt, to: pauseEnd(attempts, move) }));
    const failed = attempts.filter(hasFailed);
    const turned = failed.filter(({ detail }) => detail === givenUp);
    const paused = failed.filter(
      (each) =>
        !turned.includes(each) &&
        pauses.some(({ from, to }) => each.endedAt >= from && each.startedAt <= to),
    );
    const unexcused = failed.filter((each) => !turned.includes(each) && !paused.includes(each));
    const stretches = stretchesOf(rotations, moves);
    const elsewhere = stretches.reduce((sum, each) => sum + each.elsewhere, 0);
    const told = stretches.map(({ region, here }) => `${here} in ${region}`).join(", then ");
    const rotated = `${told}, ${elsewhere} in a Region without the writes`;
    const left = `not counted: ${count(paused.length, "request")} refused in the moves' own pauses, ${turned.length} that clients gave up to turn to another Region`;
    return {
      ok: unexcused.length === 0 && elsewhere === 0 && stretches.every(({ here }) => here > 0),
      detail:
        unexcused.length === 0
          ? `rotated ${rotated}; no request failed by one (${left})`
          : `rotated ${rotated}; ${count(unexcused.length, "request")} failed: ${some(unexcused.map(({ detail }) => detail ?? "no reason"))} (${left})`,
    };
  },
);

/** The first write that the target has taken; the move's end where none was. */
function pauseEnd(attempts: readonly Attempt[], { target, to, startedAt, endedAt }: Move): number {
  const ends = acknowledgements(attempts)
    .filter((each) => each.database === `${target} in ${to}` && each.startedAt >= startedAt)
    .map((each) => each.endedAt);
  return ends.length === 0 ? endedAt : ends.reduce((first, end) => Math.min(first, end));
}

/** Rotations that ended between two moves. One that a move cut in two may end on either side of it. */
function stretchesOf(rotations: readonly Rotation[], moves: readonly Move[]) {
  const begins = [0, ...moves.map(({ startedAt }) => startedAt)];
  const regions = [moves[0]?.from ?? "", ...moves.map(({ to }) => to)];
  return begins.map((begin, index) => {
    const end = begins[index + 1] ?? Number.POSITIVE_INFINITY;
    const inside = rotations.filter(({ endedAt }) => endedAt >= begin && endedAt < end);
    const [region = ""] = regions.slice(index, index + 1);
    const here = inside.filter((each) => each.region === region).length;
    const cutOff = inside.filter((each) => each.region !== region && each.startedAt < begin).length;
    return { region, here, elsewhere: inside.length - here - cutOff };
  });
}
