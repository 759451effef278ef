import { describe, expect, it } from "vitest";
import type { PrimaryFacts } from "../src/decide-primary.ts";
import { decidePrimary } from "../src/decide-primary.ts";
import {
  live,
  primaryDecision,
  primaryFlags,
  primaryStates,
  westSource,
} from "../tools/decision-table.ts";

const flagSets = Object.values(primaryFlags);

/** `<generation> <birth or link>` of every generation, or the key that is refused. */
function outcome(decision: ReturnType<typeof decidePrimary>): string {
  if ("refusals" in decision) return decision.refusals[0].key.replace("standby:", "");
  const { databases, firstDeployment } = decision.plan;
  const all = databases.map(
    ({ generation, birth }) => `${generation} ${birth.kind === "created" ? "created" : birth.link}`,
  );
  return `${all.join(", ")}${firstDeployment ? " first" : ""}`;
}

describe("what the primary stack declares", () => {
  /** Without a flag, fenced, with replicateFrom, and with replicateFrom while the CNAME is here. */
  it.each<[keyof typeof primaryStates, ...string[]]>([
    [
      "none, and there never was one",
      "1 created first",
      "fenced",
      "replicateFrom",
      "replicateFrom",
    ],
    ["none, and there was one", "service", "service", "2 replicate", "replicateFrom"],
    ["the first one", "1 created", "1 created", "1 created, 2 replicate", "replicateFrom"],
    ["a later read replica", ...Array<string>(4).fill("1 created, 2 replicate")],
    ["a later one, promoted", ...Array<string>(4).fill("1 created, 2 standalone")],
    ["one under another name", ...Array<string>(4).fill("service")],
  ])("with %s", (state, ...expected) => {
    expect(flagSets.map((flags) => outcome(primaryDecision(primaryStates[state], flags)))).toEqual(
      expected,
    );
  });

  it("resumes a first deployment that did not get to its outputs", () => {
    const observed = { databases: [live("orders-prod-1", { origin: "created" })], strangers: [] };
    expect(outcome(primaryDecision({ ...primaryStates["the first one"], observed }, {}))).toBe(
      "1 created",
    );
  });

  it("changes nothing of a database that has a successor", () => {
    const decision = primaryDecision(primaryStates["a later one, promoted"], {});
    expect("plan" in decision && decision.plan.databases.map(({ retired }) => retired)).toEqual([
      true,
      false,
    ]);
  });

  it("never promotes", () => {
    for (const state of Object.values(primaryStates))
      for (const flags of flagSets)
        expect(outcome(primaryDecision(state, flags))).not.toContain("promote");
  });
});

describe("what RDS sets at a database's birth", () => {
  const facts = (database: ReturnType<typeof live>): PrimaryFacts => ({
    stack: "prod-east",
    service: "orders-prod",
    region: "us-east-1",
    fenced: false,
    replicateFrom: undefined,
    adopts: undefined,
    configured: { username: "other", databaseName: "orders" },
    observed: { databases: [database], strangers: [] },
    lastDatabase: undefined,
    recordRegion: undefined,
  });

  it.each([
    ["the user name", { username: "other", databaseName: "orders" }, "database.username"],
    [
      "the database's name",
      { username: "orders_admin", databaseName: "other" },
      "database.databaseName",
    ],
  ])("is refused when it was edited afterwards: %s", (_, configured, key) => {
    const created = live("orders-prod-1", { origin: "created" });
    expect(outcome(decidePrimary({ ...facts(created), configured }))).toBe(key);
  });

  it("does not count for a database that was born as a replica", () => {
    const replica = live("orders-prod-2", { origin: westSource });
    expect(outcome(decidePrimary(facts(replica)))).toBe("2 standalone");
  });
});
