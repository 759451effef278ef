import { dialsOf } from "@standby/local-cloud";
import { expect, it } from "vitest";
import { recoveryTime } from "../src/recovery-time.ts";
import { call, goodEvidence, lossAt, recoveryRegion, write } from "./good-evidence.ts";

it("splits the time from the flag into ours and the dials' shares", () => {
  expect(recoveryTime(goodEvidence())).toEqual({
    fromLossSeconds: 6.91,
    fromFlagSeconds: 6.41,
    oursSeconds: 2.71,
    simulatedAwsSeconds: 3.7,
    // 2.5 -> 5.6 s, 6.0 -> 6.4 s, 6.4 -> 6.6 s after the loss
    shares: { promotionSeconds: 3.1, propagationSeconds: 0.4, timeToLiveSeconds: 0.2 },
  });
});

it("gives AWS no more than the dials made up, however slow we were", () => {
  const good = goodEvidence();
  const attempts = [
    write(undefined, recoveryRegion, 59_000, "w1"),
    write("w1", recoveryRegion, 60_000),
  ];
  const callsAfterLoss = [
    call(102, "PromoteReadReplica", 2500),
    call(104, "DescribeDBInstances", 25_000),
    call(105, "ChangeResourceRecordSets", 26_000),
  ];
  const answers = good.answers.map((each) => ({ ...each, at: each.at + 40_000 }));
  const time = recoveryTime({ ...good, attempts, callsAfterLoss, answers });
  expect(time?.shares).toEqual({
    promotionSeconds: 3.1,
    propagationSeconds: 0.5,
    timeToLiveSeconds: 5,
  });
  expect(time?.oursSeconds).toBeCloseTo(59.51 - 8.6, 3);
});

it("takes a wait in which no write failed for ours, not for a TTL", () => {
  const good = goodEvidence();
  const attempts = good.attempts.filter((each) => each.kind === "read" || each.orderId);
  expect(recoveryTime({ ...good, attempts })?.shares.timeToLiveSeconds).toBe(0);
});

it("counts the provider's own waits to AWS with the aws clock", () => {
  const callsAfterLoss = [
    call(102, "PromoteReadReplica", 0),
    call(104, "DescribeDBInstances", 205_000),
    call(105, "ChangeResourceRecordSets", 206_000),
  ];
  const attempts = [write("w1", recoveryRegion, 240_000)];
  const time = recoveryTime({
    ...goodEvidence(),
    dials: dialsOf("aws"),
    attempts,
    callsAfterLoss,
  });
  expect(time?.shares.promotionSeconds).toBe(205);
});

it("ends the outage at the first acknowledgement, not at the first in the list", () => {
  const good = goodEvidence();
  const late = write("w9", recoveryRegion, 9000);
  const time = recoveryTime({ ...good, attempts: [late, ...good.attempts] });
  expect(time?.fromLossSeconds).toBe(6.91);
});

it("does not take a write that was begun before the loss for the recovery", () => {
  const attempts = [write("w1", recoveryRegion, -5)];
  expect(recoveryTime({ ...goodEvidence(), attempts })).toBeUndefined();
});

it("is undefined when the flag was never set", () => {
  const { flagAt, ...evidence } = goodEvidence();
  expect(flagAt).toBe(lossAt + 500);
  expect(recoveryTime(evidence)).toBeUndefined();
});
