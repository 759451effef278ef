import { describe, expect, it } from "vitest";
import { type RecoveryPointFacts, recoveryPointRefusals } from "../src/decide-recovery-point.ts";
import { parseReplication } from "../src/observe-replication.ts";
import { eastSource, live } from "../tools/decision-table.ts";

const replica = live("orders-prod-1", { sourceArn: eastSource });
const facts: RecoveryPointFacts = {
  stack: "prod-west",
  region: "us-west-2",
  acceptDataLoss: undefined,
  recoveryPoint: { maximumLagSeconds: 60, maximumAgeSeconds: 900 },
  keepsRecord: true,
  replication: { identifier: "orders-prod-1", ageSeconds: 900, lagSeconds: 60 },
};
const record = (changes: Partial<NonNullable<RecoveryPointFacts["replication"]>>) => ({
  replication: { identifier: "orders-prod-1", ageSeconds: 30, lagSeconds: 0, ...changes },
});

describe("a failover that nobody accepts a loss for", () => {
  it("is allowed up to the limits of age and lag", () => {
    expect(recoveryPointRefusals(facts, replica)).toEqual([]);
  });

  it.each<[string, Partial<RecoveryPointFacts>, RegExp, RegExp]>([
    ["a lag over the objective", record({ lagSeconds: 61 }), /was 61 s behind/, /caught up/],
    [
      "an old record",
      record({ ageSeconds: 901 }),
      /from 901 s ago .* when it was 0 s/,
      /acceptDataLoss/,
    ],
    ["a replica that cannot apply", record({ lagSeconds: null }), /could not apply/, /replication/],
    [
      "a record of another database",
      record({ identifier: "orders-prod-2" }),
      /no record/,
      /logs tail/,
    ],
    ["no record", { replication: undefined }, /no record/, /two minutes/],
    [
      "a pair that was deployed before there was a record",
      { keepsRecord: false, replication: undefined },
      /before it kept a record/,
      /failover false -s prod-west && pulumi up -s prod-west/,
    ],
  ])("is refused for %s, with both ways on", (_, changes, reason, next) => {
    const [refusal, ...more] = recoveryPointRefusals({ ...facts, ...changes }, replica);
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({
      key: "standby:failover",
      reason: expect.stringMatching(reason),
      next: expect.stringMatching(next),
    });
    expect(refusal?.next).toContain(
      "pulumi config set acceptDataLoss orders-prod-1 -s prod-west && pulumi up -s prod-west",
    );
  });

  it("is allowed once the loss is accepted for this database, and for no other", () => {
    const unknown = { ...facts, replication: undefined };
    const accepts = (acceptDataLoss: string) =>
      recoveryPointRefusals({ ...unknown, acceptDataLoss }, replica).length;
    expect([accepts("orders-prod-1"), accepts("orders-prod-2")]).toEqual([0, 1]);
  });

  it("goes on when the promotion was begun, whatever the record has become", () => {
    const begun = { ...replica, promotionRequested: true };
    expect(recoveryPointRefusals({ ...facts, replication: undefined }, begun)).toEqual([]);
  });
});

describe("a record", () => {
  const at = "2026-11-24T03:00:00.000Z";
  const now = Date.parse(at) + 90_000;
  const text = (changes: object = {}) =>
    JSON.stringify({
      schema: "standby.replication/1",
      at,
      identifier: "orders-prod-1",
      mode: "replica",
      lagSeconds: 2,
      ...changes,
    });

  it("is read with its age, which is never negative", () => {
    expect(parseReplication(text(), now)).toEqual({
      identifier: "orders-prod-1",
      ageSeconds: 90,
      lagSeconds: 2,
    });
    expect(parseReplication(text(), 0)?.ageSeconds).toBe(0);
  });

  it.each([
    "",
    "{}",
    text({ schema: "standby.replication/2" }),
    text({ mode: "standalone", lagSeconds: null }),
    text({ at: "yesterday" }),
    text({ lagSeconds: "2" }),
  ])("in another form, or of no replica, counts as none: %s", (other) => {
    expect(parseReplication(other, now)).toBeUndefined();
  });
});
