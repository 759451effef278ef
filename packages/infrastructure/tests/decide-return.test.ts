import { describe, expect, it } from "vitest";
import { asksPrimaryRegion, decideRecovery, type RecoveryFacts } from "../src/decide-recovery.ts";
import {
  eastSource,
  live,
  pasts,
  recoveryFacts,
  recoveryFlags,
  recoveryStates,
  returnFacts,
  returnStates,
} from "../tools/decision-table.ts";

describe("a return of the CNAME to the primary Region", () => {
  /** `<link> <record>`, with `!` for a notice and `#` where this Region's database refuses writes; or the key that is refused. */
  const returned = (facts: RecoveryFacts): string => {
    const decision = decideRecovery(facts);
    if ("refusals" in decision) return decision.refusals[0].key.replace("standby:", "");
    const { databases, record, notices } = decision.plan;
    const fence = databases.at(-1)?.writes === "refused" ? "#" : "";
    return `${databases.at(-1)?.birth.link} ${record}${notices.length > 0 ? "!" : ""}${fence}`;
  };

  /** Without `fenced`, and with it. */
  it.each<[keyof typeof returnStates, string, string]>([
    ["none", "failover", "failover"],
    ["the source that was failed away from", "failover", "failover"],
    ["a replica of the recovery Region's database", "failover", "standalone kept!#"],
    ["the same, promoted", "failover", "standalone return#"],
    ["one that was born from another, promoted", "failover", "failover"],
  ])("is judged by what is there: %s", (state, unfenced, fenced) => {
    const facts = returnFacts(returnStates[state]);
    expect([returned(facts), returned({ ...facts, fenced: true })]).toEqual([unfenced, fenced]);
  });

  it("is refused for a replica of another database, promoted or not, and for one that was given another source", () => {
    const writer = recoveryStates["standalone, promoted by this stack"].databases[0]?.arn ?? "";
    for (const changes of [
      { origin: eastSource, sourceArn: writer },
      { origin: writer, sourceArn: `${writer}0` },
      {},
    ]) {
      const databases = [live("orders-prod-2", changes)];
      const facts = returnFacts({ databases, strangers: [] }, { fenced: true });
      expect(returned(facts)).toBe("failover");
    }
  });

  it("takes the mark of the promotion back, and not before", () => {
    const mark = (state: keyof typeof returnStates) => {
      const decision = decideRecovery(returnFacts(returnStates[state], { fenced: true }));
      return "plan" in decision && decision.plan.databases.at(-1)?.promotionRequested;
    };
    expect(mark("a replica of the recovery Region's database")).toBe(true);
    expect(mark("the same, promoted")).toBe(false);
  });

  it("is the only update that asks the primary Region anything", () => {
    for (const observed of Object.values(recoveryStates))
      for (const last of Object.values(pasts))
        for (const flags of Object.values(recoveryFlags))
          for (const fenced of [false, true])
            if (asksPrimaryRegion(recoveryFacts({ observed, last, fenced, ...flags })))
              expect({ fenced, flags, last }).toEqual({
                fenced: true,
                flags: {},
                last: expect.objectContaining({ recordRegion: "us-west-2" }),
              });
    expect(asksPrimaryRegion(returnFacts(returnStates.none, { fenced: true }))).toBe(true);
  });

  it("can be taken back while this Region's database still has the CNAME", () => {
    const facts = returnFacts(returnStates["a replica of the recovery Region's database"], {
      failover: true,
      last: { ...pasts["this Region, writes"], databaseFenced: true },
    });
    expect(returned(facts)).toBe("standalone writable");
  });
});

describe("the fence of the recovery stack", () => {
  const fenceOf = (facts: Partial<RecoveryFacts>) => {
    const decision = decideRecovery(recoveryFacts(facts));
    return "refusals" in decision
      ? decision.refusals[0].key
      : decision.plan.databases.map(({ writes }) => writes);
  };
  const away = { ...pasts["primary Region"], databaseMode: "standalone" } as const;
  const observed = recoveryStates["standalone, promoted by somebody else"];

  it("goes up when it is asked for", () => {
    expect(fenceOf({ observed, last: away, fenced: true })).toEqual(["refused"]);
    const replica = recoveryStates["a read replica"];
    expect(fenceOf({ observed: replica, last: away, fenced: true })).toEqual(["refused"]);
  });

  it("stays on a writer that the CNAME left, and is let be where this stack never set one", () => {
    expect(fenceOf({ observed, last: { ...away, databaseFenced: true } })).toBe("standby:fenced");
    expect(fenceOf({ observed, last: away })).toEqual(["kept"]);
  });

  it("comes down under failover, on a replica, and for the replica that takes a fenced one's place", () => {
    const last = { ...away, databaseFenced: true };
    const named = { ...pasts["this Region, writes"], databaseFenced: true };
    expect(fenceOf({ observed, last: named, failover: true })).toEqual(["taken"]);
    expect(fenceOf({ observed: recoveryStates["a read replica"], last })).toEqual(["taken"]);
    const replicateFrom = `${eastSource}0`;
    expect(fenceOf({ observed, last, replicateFrom })).toEqual(["refused", "taken"]);
  });
});
