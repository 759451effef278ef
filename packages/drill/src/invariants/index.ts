import type { Evidence } from "../evidence.ts";
import { lostRegionUntouched, promotionBeforeRecord } from "./call-checks.ts";
import type { Check, CheckResult } from "./check.ts";
import {
  failoverRepeatsQuietly,
  ownSecretCopy,
  previewIsTwoUpdates,
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

/** In the order of the story. */
const checks: readonly Check[] = [
  stacksCameUp,
  secondUpChangesNothing,
  previewIsTwoUpdates,
  promotionBeforeRecord,
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
  failoverRepeatsQuietly,
  stackFilesUntouched,
];

export const judge = (evidence: Evidence): readonly CheckResult[] =>
  checks.map((check) => check(evidence));
