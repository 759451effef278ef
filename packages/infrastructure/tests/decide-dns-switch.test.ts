import { describe, expect, it } from "vitest";
import { type DnsSwitchFacts, dnsSwitchRefusals } from "../src/decide-dns-switch.ts";

const normal: DnsSwitchFacts = {
  stack: "prod-west",
  region: "us-west-2",
  databaseHostName: "db.orders.internal",
  dnsSwitch: "record",
  failover: false,
  readOnlyFailover: false,
  fenced: false,
  pinned: false,
  record: {},
  last: { recordRegion: "us-east-1", databaseHostName: "db.orders.internal" },
};
const changed: DnsSwitchFacts = {
  ...normal,
  dnsSwitch: "health-check",
  databaseHostName: "database.orders.internal",
  record: { former: "db.orders.internal" },
};
const keyOf = (facts: DnsSwitchFacts) => dnsSwitchRefusals(facts)[0]?.key;

describe("the way in which the name moves", () => {
  it.each<[string, DnsSwitchFacts]>([
    ["is free on the first day", { ...normal, dnsSwitch: "health-check", last: {} }],
    ["stays", normal],
    [
      "stays, also after a failover",
      { ...normal, failover: true, last: { ...normal.last, recordRegion: "us-west-2" } },
    ],
    ["changes with a new name, the old one kept", changed],
    [
      "changes back the same way",
      { ...changed, dnsSwitch: "record", last: { ...normal.last, dnsSwitch: "health-check" } },
    ],
  ])("%s", (_, facts) => {
    expect(dnsSwitchRefusals(facts)).toEqual([]);
  });

  it.each<[string, DnsSwitchFacts]>([
    ["under failover", { ...changed, failover: true }],
    ["under readOnlyFailover", { ...changed, readOnlyFailover: true }],
    ["while this Region is fenced", { ...changed, fenced: true }],
    [
      "while the name is in this Region",
      { ...changed, last: { ...changed.last, recordRegion: "us-west-2" } },
    ],
    ["under the same name", { ...changed, databaseHostName: "db.orders.internal" }],
  ])("does not change %s", (_, facts) => {
    expect(keyOf(facts)).toBe("standby:dnsSwitch");
  });

  it.each([undefined, "other.orders.internal"])(
    "does not change with the old name given as %s",
    (former) => {
      const [refusal] = dnsSwitchRefusals({ ...changed, record: { former } });
      expect(refusal).toMatchObject({
        key: "standby:record.former",
        next: "pulumi config set --path record.former db.orders.internal -s prod-west",
      });
    },
  );
});

it("pins only a move that is over", () => {
  const pinned = { ...normal, dnsSwitch: "health-check", failover: true, pinned: true } as const;
  const last = { ...normal.last, dnsSwitch: "health-check" } as const;
  expect(keyOf({ ...pinned, last })).toBe("standby:pinned");
  expect(keyOf({ ...pinned, last: { ...last, recordRegion: "us-west-2" } })).toBeUndefined();
});
