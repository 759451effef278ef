import { expect, it } from "vitest";
import { linesOf } from "../../dns-switches/lines.ts";

const figures = {
  recoveryTimeSeconds: { fromLoss: 20, fromFlag: 12 },
  ours: 4,
  simulatedAwsShares: { promotionSeconds: 3, propagationSeconds: 2.5, timeToLiveSeconds: 2.5 },
  route53ControlPlaneCalls: { GetChange: 2, ChangeResourceRecordSets: 1 },
};

it("shows each part of a move by its own name, with AWS's own part and where AWS states it", () => {
  const [measured = "", calls = "", aws = ""] = linesOf("health-check", figures);
  expect(measured).toContain("flag to first write 12.0 s, ours 4.0 s");
  expect(measured).toContain("metric and health check 2.5 s, TTL 2.5 s");
  expect(calls).toContain("3 calls");
  expect(aws).toMatch(/one-minute periods.*https:\/\/docs\.aws\.amazon\.com\//);
});

it("says what was not reached", () => {
  const nothing = { ...figures, ours: null, simulatedAwsShares: null };
  expect(linesOf("record", nothing)[0]).toContain("ours not reached");
});
