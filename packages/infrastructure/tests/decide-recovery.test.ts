import { describe, expect, it } from "vitest";
import { decideRecovery, type RecoveryFacts } from "../src/decide-recovery.ts";
import {
  eastSource,
  live,
  pasts,
  recoveryFacts,
  recoveryFlags,
  recoveryStates,
} from "../tools/decision-table.ts";

const unknownLag = "`failover`, lag unknown";
const flagSets = (Object.keys(recoveryFlags) as (keyof typeof recoveryFlags)[]).filter(
  (flags) => flags !== unknownLag,
);

/** `<generation> <link> <record>`, with `!` for a notice, or the key that is refused. */
function outcome(facts: RecoveryFacts): string {
  const decision = decideRecovery(facts);
  if ("refusals" in decision) return decision.refusals[0].key.replace("standby:", "");
  const { databases, record, notices } = decision.plan;
  const latest = databases.at(-1);
  return `${latest?.generation} ${latest?.birth.link} ${record}${notices.length > 0 ? "!" : ""}`;
}

describe("what the recovery stack declares", () => {
  const replica = ["1 replicate primary", "1 replicate readOnly", "1 promote writable"];
  const later = ["2 replicate primary", "2 replicate readOnly", "2 promote writable"];
  const refusedMoves = ["readOnlyFailover", "failover", "failover"];
  const writer = ["failover", "1 standalone kept!", "1 standalone writable"];

  /** The outcome without a flag, with readOnlyFailover, with failover, and with failover that accepts the loss. */
  it.each<[keyof typeof recoveryStates, keyof typeof pasts, ...string[]]>([
    ["none", "nothing yet", "1 replicate primary", ...refusedMoves],
    ["none", "primary Region", "1 replicate primary!", ...refusedMoves],
    ["none", "this Region, read-only", "1 replicate primary!", ...refusedMoves],
    ["none", "this Region, writes", "failover", ...refusedMoves],
    ["a read replica", "nothing yet", ...replica],
    ["a read replica", "primary Region", ...replica],
    ["a read replica", "this Region, read-only", ...replica],
    ["a read replica", "this Region, writes", "failover", ...refusedMoves],
    [
      "standalone, promoted by this stack",
      "nothing yet",
      "service",
      "readOnlyFailover",
      "1 standalone writable",
    ],
    [
      "standalone, promoted by this stack",
      "primary Region",
      "1 standalone kept!",
      "readOnlyFailover",
      "1 standalone writable",
    ],
    ["standalone, promoted by this stack", "this Region, read-only", ...writer],
    ["standalone, promoted by this stack", "this Region, writes", ...writer],
    [
      "standalone, promoted by somebody else",
      "nothing yet",
      "service",
      "readOnlyFailover",
      "failover",
      "1 standalone writable",
    ],
    [
      "standalone, promoted by somebody else",
      "primary Region",
      "1 standalone kept!",
      "readOnlyFailover",
      "failover",
      "1 standalone writable",
    ],
    ["standalone, promoted by somebody else", "this Region, read-only", ...writer],
    ["standalone, promoted by somebody else", "this Region, writes", ...writer],
    ["a later read replica, after a standalone one", "primary Region", ...later],
    ["a later read replica, after a standalone one", "this Region, read-only", ...later],
    [
      "a later read replica, after a standalone one",
      "this Region, writes",
      "failover",
      ...refusedMoves,
    ],
    ["one under another name", "primary Region", "service", "service", "service"],
  ])("with %s, and the CNAME last seen: %s", (state, past, ...expected) => {
    const facts = { observed: recoveryStates[state], last: pasts[past] };
    // Where three are given, the loss that is accepted changes nothing.
    const four = [...expected, ...expected.slice(-1)].slice(0, flagSets.length);
    expect(
      flagSets.map((flags) => outcome(recoveryFacts({ ...recoveryFlags[flags], ...facts }))),
    ).toEqual(four);
  });

  it("judges the lag only where a replica is to be promoted", () => {
    for (const observed of Object.values(recoveryStates))
      for (const last of Object.values(pasts)) {
        const known = recoveryFacts({ ...recoveryFlags["`failover`"], observed, last });
        const unknown = recoveryFacts({ ...recoveryFlags[unknownLag], observed, last });
        const isPromotion = / promote /.test(outcome(known)) && "recordRegion" in last;
        expect(outcome(unknown)).toBe(isPromotion ? "failover" : outcome(known));
        expect(outcome({ ...unknown, failover: false })).toBe(
          outcome({ ...known, failover: false }),
        );
      }
  });

  it("never moves the CNAME off a writer, nor onto a database that no flag names, whatever fenced and replicateFrom say", () => {
    for (const observed of Object.values(recoveryStates))
      for (const last of Object.values(pasts))
        for (const flags of Object.values(recoveryFlags))
          for (const fenced of [false, true])
            for (const replicateFrom of [undefined, eastSource, `${eastSource}0`]) {
              const facts = recoveryFacts({ observed, last, fenced, replicateFrom, ...flags });
              const decision = decideRecovery(facts);
              if ("refusals" in decision) continue;
              const { record, databases } = decision.plan;
              if ("databaseMode" in last && last.databaseMode === "standalone")
                expect(record).not.toBe("primary");
              if (record === "writable") expect(facts.failover).toBe(true);
              if (record === "readOnly") expect(facts.readOnlyFailover).toBe(true);
              expect(decision.plan.fenced).toBe(fenced);
              // Every generation that exists is declared, and only the last one is not retired.
              expect(databases.map(({ generation }) => generation)).toEqual(
                expect.arrayContaining(observed.databases.map(({ generation }) => generation)),
              );
              expect(databases.map(({ retired }) => retired)).toEqual(
                databases.map((_, index) => index < databases.length - 1),
              );
            }
  });

  it("marks a promotion that it asks for, and takes the mark back with the flag", () => {
    const marked = (facts: Partial<RecoveryFacts>): boolean | undefined => {
      const decision = decideRecovery(recoveryFacts({ last: pasts["primary Region"], ...facts }));
      return "plan" in decision ? decision.plan.databases.at(-1)?.promotionRequested : undefined;
    };
    const observed = recoveryStates["a read replica"];
    const interrupted = recoveryStates["standalone, promoted by this stack"];
    const asked = live("orders-prod-1", { sourceArn: eastSource, promotionRequested: true });
    expect(marked({ observed, failover: true })).toBe(true);
    expect(marked({ observed })).toBe(false);
    expect(marked({ observed: { databases: [asked], strangers: [] } })).toBe(false);
    expect(marked({ observed: interrupted, failover: true })).toBe(true);
    expect(marked({ observed: interrupted })).toBe(false);
  });

  it("accepts the loss of the database that is named and of no other", () => {
    const facts = {
      observed: recoveryStates["standalone, promoted by somebody else"],
      last: pasts["primary Region"],
      failover: true,
    };
    expect(outcome(recoveryFacts({ ...facts, acceptDataLoss: "orders-prod-2" }))).toBe("failover");
  });
});

describe("replicateFrom on the recovery stack", () => {
  const elsewhere = `${eastSource}0`;
  const last = pasts["primary Region"];

  it.each<[string, Partial<RecoveryFacts>, string]>([
    [
      "builds the next generation after a standalone one",
      { observed: recoveryStates["standalone, promoted by somebody else"] },
      "2 replicate primary",
    ],
    ["builds the next one after one that is gone", {}, "2 replicate primary"],
    ["is refused where there never was one", { last: {} }, "replicateFrom"],
    [
      "is refused beside a replica of another database",
      { observed: recoveryStates["a read replica"] },
      "replicateFrom",
    ],
    [
      "is refused under failover",
      { observed: recoveryStates["standalone, promoted by somebody else"], failover: true },
      "replicateFrom",
    ],
    [
      "is refused where the CNAME names this Region",
      {
        observed: recoveryStates["standalone, promoted by somebody else"],
        last: pasts["this Region, writes"],
      },
      "replicateFrom",
    ],
    [
      "is refused for a database that is not one of the service",
      {
        observed: recoveryStates["standalone, promoted by somebody else"],
        replicateFrom: "arn:aws:rds:us-east-1:123456789012:db:payments-prod-1",
      },
      "replicateFrom",
    ],
    [
      "asks for nothing more once its replica is there",
      { observed: recoveryStates["a read replica"], replicateFrom: eastSource },
      "1 replicate primary",
    ],
    [
      "asks for nothing more once that was promoted",
      {
        observed: recoveryStates["standalone, promoted by this stack"],
        replicateFrom: eastSource,
        failover: true,
      },
      "1 standalone writable",
    ],
  ])("%s", (_, facts, expected) => {
    expect(outcome(recoveryFacts({ replicateFrom: elsewhere, last, ...facts }))).toBe(expected);
  });
});

describe("the way on from a refusal of the recovery stack", () => {
  const next = (facts: Partial<RecoveryFacts>): string => {
    const decision = decideRecovery(recoveryFacts(facts));
    return "refusals" in decision ? decision.refusals[0].next : "no refusal";
  };

  it("is the flag, where it is set back after a promotion", () => {
    const observed = recoveryStates["standalone, promoted by this stack"];
    expect(next({ observed, last: pasts["this Region, writes"] })).toContain(
      "pulumi config set failover true -s prod-west",
    );
  });

  it("is to stay or to name the loss, where somebody else promoted the database", () => {
    const observed = recoveryStates["standalone, promoted by somebody else"];
    const command = next({ observed, last: pasts["primary Region"], failover: true });
    expect(command).toContain("pulumi config set failover false -s prod-west");
    expect(command).toContain("pulumi config set acceptDataLoss orders-prod-1 -s prod-west");
  });

  it("is the old name, where the database was renamed", () => {
    const observed = recoveryStates["one under another name"];
    expect(next({ observed, last: pasts["primary Region"] })).toContain(
      "--db-instance-identifier orders-prod-1-old --new-db-instance-identifier orders-prod-1 ",
    );
  });

  it.each(Object.entries(recoveryStates))(
    "has a command in every refusal with %s",
    (_, observed) => {
      for (const last of Object.values(pasts))
        for (const flags of Object.values(recoveryFlags)) {
          const command = next({ observed, last, ...flags });
          expect(command).toMatch(/no refusal|pulumi |aws |standby /);
        }
    },
  );
});
