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

/**
 * `<generation> <birth or link>` of every generation, with `#` where it refuses writes, `?` where its fence is let be and a last `!`
 * for a notice; or the key that is refused.
 */
function outcome(decision: ReturnType<typeof decidePrimary>): string {
  if ("refusals" in decision) return decision.refusals[0].key.replace("standby:", "");
  const { databases, firstDeployment, notices } = decision.plan;
  const marks = { taken: "", refused: "#", kept: "?" };
  const all = databases.map(
    ({ generation, birth, writes }) =>
      `${generation} ${birth.kind === "created" ? "created" : birth.link}${marks[writes]}`,
  );
  return `${all.join(", ")}${firstDeployment ? " first" : ""}${notices.length > 0 ? "!" : ""}`;
}

const factsOf = (state: (typeof primaryStates)[keyof typeof primaryStates]): PrimaryFacts => ({
  stack: "prod-east",
  service: "orders-prod",
  region: "us-east-1",
  fenced: false,
  replicateFrom: undefined,
  configured: { username: "orders_admin", databaseName: "orders" },
  adopts: undefined,
  lastFenced: false,
  recordRegion: "us-west-2",
  recoveryWriterArn: westSource,
  ...state,
});

describe("what the primary stack declares", () => {
  /** Without a flag, the same while the CNAME is here, fenced, with replicateFrom, and with replicateFrom while the CNAME is here. */
  it.each<[keyof typeof primaryStates, ...string[]]>([
    [
      "none, and there never was one",
      "1 created first",
      "1 created first",
      "fenced",
      "replicateFrom",
      "replicateFrom",
    ],
    ["none, and there was one", "service", "service", "service", "2 replicate", "replicateFrom"],
    [
      "the first one",
      "1 created?!",
      "1 created",
      "1 created#",
      "1 created#, 2 replicate",
      "replicateFrom",
    ],
    [
      "the first one, fenced by the last update",
      "fenced",
      "1 created",
      "1 created#",
      "1 created#, 2 replicate",
      "replicateFrom",
    ],
    [
      "a later read replica",
      "1 created#, 2 replicate",
      "1 created#, 2 replicate",
      "1 created#, 2 replicate#",
      "1 created#, 2 replicate",
      "1 created#, 2 replicate",
    ],
    [
      "a later one, promoted",
      "1 created#, 2 standalone",
      "1 created#, 2 standalone",
      "1 created#, 2 standalone#",
      "1 created#, 2 standalone",
      "1 created#, 2 standalone",
    ],
    ["one under another name", ...Array<string>(5).fill("service")],
  ])("with %s", (state, ...expected) => {
    expect(flagSets.map((flags) => outcome(primaryDecision(primaryStates[state], flags)))).toEqual(
      expected,
    );
  });

  it("resumes a first deployment that did not get to its outputs", () => {
    const observed = { databases: [live("orders-prod-1", { origin: "created" })], strangers: [] };
    const facts = { ...factsOf(primaryStates["the first one"]), observed };
    expect(
      outcome(decidePrimary({ ...facts, recordRegion: undefined, recoveryWriterArn: undefined })),
    ).toBe("1 created");
  });

  it("changes nothing of a database that has a successor", () => {
    const decision = primaryDecision(primaryStates["a later one, promoted"], {});
    expect("plan" in decision && decision.plan.databases.map(({ retired }) => retired)).toEqual([
      true,
      false,
    ]);
  });

  it("may be unfenced while the CNAME names the recovery Region's replica for reading: it is still the only writer", () => {
    const state = primaryStates["the first one, fenced by the last update"];
    const decision = decidePrimary({ ...factsOf(state), recoveryWriterArn: undefined });
    expect(outcome(decision)).toBe("1 created");
  });

  it("is not unfenced when it was born as a replica of another database than the one that takes writes", () => {
    const observed = {
      databases: [live("orders-prod-2", { origin: `${westSource}0` })],
      strangers: [],
    };
    const facts = { ...factsOf(primaryStates["a later one, promoted"]), observed };
    expect(outcome(decidePrimary({ ...facts, lastFenced: true }))).toBe("fenced");
    expect(outcome(decidePrimary(facts))).toBe("2 standalone?!");
  });

  it("never promotes", () => {
    for (const state of Object.values(primaryStates))
      for (const flags of flagSets)
        expect(outcome(primaryDecision(state, flags))).not.toContain("promote");
  });
});

describe("replicateFrom on the primary stack", () => {
  it("is refused for a database that is not one of the service", () => {
    const replicateFrom = "arn:aws:rds:us-west-2:123456789012:db:payments-prod-1";
    expect(outcome(primaryDecision(primaryStates["the first one"], { replicateFrom }))).toBe(
      "replicateFrom",
    );
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
    lastFenced: false,
    recordRegion: undefined,
    recoveryWriterArn: undefined,
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
