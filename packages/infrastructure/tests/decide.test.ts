import { describe, expect, it } from "vitest";
import {
  accountRefusals,
  decidePrimary,
  decideRecovery,
  type PrimaryFacts,
  type RecoveryFacts,
  type RecoveryPlan,
} from "../src/decide.ts";
import type { ObservedDatabase } from "../src/observe.ts";

const live = (identifier: string, sourceArn?: string): ObservedDatabase => ({
  identifier,
  generation: Number(identifier.slice(-1)),
  arn: `arn:aws:rds:us-west-2:123456789012:db:${identifier}`,
  username: "orders_admin",
  databaseName: "orders",
  ...(sourceArn === undefined ? {} : { sourceArn }),
});

const source = "arn:aws:rds:us-east-1:123456789012:db:orders-prod-1";
const observed = {
  none: [],
  replica: [live("orders-prod-1", source)],
  standalone: [live("orders-prod-1")],
  several: [live("orders-prod-1"), live("orders-prod-2", source)],
} as const;
const flags = {
  off: { failover: false, readOnlyFailover: false },
  readOnly: { failover: false, readOnlyFailover: true },
  failover: { failover: true, readOnlyFailover: false },
} as const;

const plan = (link: RecoveryPlan["link"], record: RecoveryPlan["record"]): RecoveryPlan => ({
  generation: 1,
  link,
  record,
});

describe("what the recovery stack declares", () => {
  /** Every flag against every state of the database, against where the CNAME was. A text: the key that is refused. */
  it.each<
    [keyof typeof flags, keyof typeof observed, "east" | "west" | "nowhere", RecoveryPlan | string]
  >([
    ["off", "none", "nowhere", plan("replicate", "primary")],
    ["off", "none", "east", plan("replicate", "primary")],
    ["off", "none", "west", "standby:failover"],
    ["off", "replica", "east", plan("replicate", "primary")],
    ["off", "replica", "west", plan("replicate", "primary")],
    ["off", "standalone", "east", "standby:failover"],
    ["off", "standalone", "west", "standby:failover"],
    ["off", "several", "east", "standby:service"],
    ["readOnly", "none", "nowhere", "standby:readOnlyFailover"],
    ["readOnly", "replica", "east", plan("replicate", "readOnly")],
    ["readOnly", "replica", "west", plan("replicate", "readOnly")],
    ["readOnly", "standalone", "east", "standby:readOnlyFailover"],
    ["readOnly", "standalone", "west", "standby:readOnlyFailover"],
    ["readOnly", "several", "east", "standby:service"],
    ["failover", "none", "nowhere", "standby:failover"],
    ["failover", "none", "west", "standby:failover"],
    ["failover", "replica", "east", plan("promote", "writable")],
    ["failover", "replica", "west", plan("promote", "writable")],
    ["failover", "standalone", "east", plan("standalone", "writable")],
    ["failover", "standalone", "west", plan("standalone", "writable")],
    ["failover", "several", "east", "standby:service"],
  ])("with the flag %s, database %s, CNAME in %s", (flag, database, record, expected) => {
    const facts: RecoveryFacts = {
      stack: "prod-west",
      region: "us-west-2",
      flags: flags[flag],
      observed: observed[database],
      lastRecordRegion: { east: "us-east-1", west: "us-west-2", nowhere: undefined }[record],
    };
    const decision = decideRecovery(facts);
    expect("plan" in decision ? decision.plan : decision.refusals[0].key).toEqual(expected);
  });

  it("says how to go on where a flag is set back after a promotion", () => {
    const decision = decideRecovery({
      stack: "prod-west",
      region: "us-west-2",
      flags: flags.off,
      observed: observed.standalone,
      lastRecordRegion: "us-west-2",
    });
    expect(decision).toEqual({
      refusals: [
        expect.objectContaining({
          next: expect.stringContaining("pulumi config set failover true -s prod-west"),
        }),
      ],
    });
  });
});

describe("what the primary stack declares", () => {
  const facts = (changes: Partial<PrimaryFacts>): PrimaryFacts => ({
    stack: "prod-east",
    region: "us-east-1",
    configured: { username: "orders_admin", databaseName: "orders" },
    observed: [],
    lastDatabase: undefined,
    ...changes,
  });

  it.each([
    ["nothing exists and nothing ever did", facts({}), { generation: 1, firstDeployment: true }],
    [
      "its database exists",
      facts({ observed: observed.standalone, lastDatabase: "orders-prod-1" }),
      { generation: 1, firstDeployment: false },
    ],
    [
      "its database exists and the first update did not get to its outputs",
      facts({ observed: observed.standalone }),
      { generation: 1, firstDeployment: false },
    ],
    ["its database is gone", facts({ lastDatabase: "orders-prod-1" }), "standby:service"],
    ["its database is a replica", facts({ observed: observed.replica }), "standby:role"],
    ["two databases exist", facts({ observed: observed.several }), "standby:service"],
    [
      "the user name was edited after the database's birth",
      facts({
        observed: observed.standalone,
        configured: { username: "other", databaseName: "orders" },
      }),
      "standby:database.username",
    ],
    [
      "the database's name was edited after its birth",
      facts({
        observed: observed.standalone,
        configured: { username: "orders_admin", databaseName: "other" },
      }),
      "standby:database.databaseName",
    ],
  ])("when %s", (_, given, expected) => {
    const decision = decidePrimary(given);
    expect("plan" in decision ? decision.plan : decision.refusals[0].key).toEqual(expected);
  });
});

describe("the account", () => {
  it("is refused when the credentials belong to another, without naming either", () => {
    const [refusal] = accountRefusals(
      { accountId: "123456789012", stack: "prod-west" },
      "210987654321",
    );
    expect(refusal?.key).toBe("standby:accountId");
    expect(JSON.stringify(refusal)).not.toMatch(/\d{12}/);
  });

  it("passes when it is the configured one", () => {
    expect(
      accountRefusals({ accountId: "123456789012", stack: "prod-west" }, "123456789012"),
    ).toEqual([]);
  });
});
