import { type Evidence, firstStory } from "../evidence.ts";
import { lostRegionUntouched, promotionBeforeMove, route53Untouched } from "./call-checks.ts";
import type { Check, CheckResult } from "./check.ts";
import { type CourseBounds, judgeCourse } from "./course-checks.ts";
import {
  failoverRepeatsQuietly,
  ownSecretCopy,
  previewIsTheMove,
  sameHostName,
  secondUpChangesNothing,
  stackFilesUntouched,
  stacksCameUp,
} from "./deployment-checks.ts";
import {
  lossesOnlyJustBeforeTheLoss,
  noWriteLostAfterFailover,
  oneRegionAcknowledges,
  readsSeeAcknowledgedWrites,
  servesAfterFailover,
} from "./history-checks.ts";
import { nameAlwaysResolves, nameMovesOnce } from "./record-checks.ts";
import { courseRotationsFailNoRequest, rotationsFailNoRequest } from "./rotation-checks.ts";

/** In the order of the story. */
const checks: readonly Check[] = [
  stacksCameUp,
  secondUpChangesNothing,
  previewIsTheMove,
  promotionBeforeMove,
  nameMovesOnce,
  nameAlwaysResolves,
  ownSecretCopy,
  sameHostName,
  servesAfterFailover,
  noWriteLostAfterFailover,
  lossesOnlyJustBeforeTheLoss,
  oneRegionAcknowledges,
  readsSeeAcknowledgedWrites,
  lostRegionUntouched,
  route53Untouched,
  failoverRepeatsQuietly,
  stackFilesUntouched,
];

/** A replica of a local cloud is milliseconds behind; the application keeps a secret for at most five minutes. */
export const boundsOf = ({ dials, answers }: Pick<Evidence, "dials" | "answers">): CourseBounds => {
  const timeToLive = Math.max(0, ...answers.map(({ ttlSeconds }) => ttlSeconds ?? 0));
  return {
    lagSeconds: 2,
    staleSeconds: timeToLive + (dials?.recordPropagationSeconds ?? 0) + 5,
    secretSeconds: 300,
  };
};

/** The first failover by its own checks, and the whole course, when there was one, by the invariants. */
export function judge(evidence: Evidence): readonly CheckResult[] {
  const { attempts, answers, course } = evidence;
  const story = firstStory(evidence);
  return [
    ...checks.map((check) => check(story)),
    ...(evidence.rotations ? [rotationsFailNoRequest(story)] : []),
    ...(evidence.rotations && course ? [courseRotationsFailNoRequest(evidence)] : []),
    ...(course ? judgeCourse({ attempts, answers, course, bounds: boundsOf(evidence) }) : []),
  ];
}
