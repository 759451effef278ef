import { describe, expect, it } from "vitest";
import type { EndState, SeenDatabase } from "../../kill-points/end-state.ts";
import { complaintsAbout } from "../../kill-points/judge-end.ts";
import { secondWriter } from "../../kill-points/writers.ts";

const [east1, west1, east2] = [
  "orders-prod-1 in us-east-1",
  "orders-prod-1 in us-west-2",
  "orders-prod-2 in us-east-1",
] as const;

const database = (name: string, more: Partial<SeenDatabase> = {}): SeenDatabase => ({
  name,
  region: name.split(" in ")[1] ?? "",
  status: "available",
  source: undefined,
  takesWrites: false,
  ...more,
});

const state = (more: Partial<EndState>): EndState => ({
  databases: [],
  record: east1,
  secretVersions: ["v1", "v1"],
  flags: { "prod-east": { fenced: "false" }, "prod-west": { failover: "false", fenced: "false" } },
  unsettled: [],
  ...more,
});

const home = state({
  databases: [database(east1, { takesWrites: true }), database(west1, { source: east1 })],
});
const away = state({
  databases: [database(east1), database(west1, { takesWrites: true })],
  record: west1,
  flags: { "prod-east": { fenced: "true" }, "prod-west": { failover: "true", fenced: "false" } },
});
const rebuilt = state({
  ...away,
  databases: [...away.databases, database(east2, { source: west1 })],
  flags: { ...away.flags, "prod-east": { fenced: "false" } },
});
const move = "switchover to us-west-2";

describe("the end of a move", () => {
  it("is as it has to be after a switchover and a rebuild", () => {
    expect(complaintsAbout(move, home, away)).toEqual([]);
    expect(complaintsAbout("rebuild us-east-1", away, rebuilt)).toEqual([]);
  });

  it.each([
    ["nobody takes writes", { databases: [database(east1), database(west1)] }, /and nobody does/],
    [
      "two take writes",
      { databases: away.databases.map((each) => ({ ...each, takesWrites: true })) },
      /orders-prod-1 in us-east-1 and orders-prod-1 in us-west-2 does/,
    ],
    ["the name was left behind", { record: east1 }, /the name leads to orders-prod-1 in us-east-1/],
    ["the copies of the secret differ", { secretVersions: ["v1", "v2"] }, /not the same version/],
    ["a flag was not written", { flags: home.flags }, /failover of prod-west should be true/],
    ["a stack is not settled", { unsettled: ["prod-west has a pending operation"] }, /pending/],
  ])("is refused when %s", (_what, more, complaint) => {
    expect(complaintsAbout(move, home, state({ ...away, ...more })).join("\n")).toMatch(complaint);
  });

  it("is refused when a rebuild made two replicas", () => {
    const third = database("orders-prod-3 in us-east-1", { source: west1 });
    const end = { ...rebuilt, databases: [...rebuilt.databases, third] };
    expect(complaintsAbout("rebuild us-east-1", away, end).join()).toMatch(/one replica should/);
  });
});

describe("two writers at the same time", () => {
  const sample = (at: number, ...writers: readonly string[]) => ({ at, writers });

  it("are found between two looks that saw one", () => {
    const samples = [sample(1, "a"), sample(2, "a", "b"), sample(3, "b")];
    expect(secondWriter(samples)).toEqual(samples[1]);
  });

  it("are none while an old source that came back has not been fenced yet", () => {
    expect(secondWriter([sample(1, "a", "b"), sample(2, "b"), sample(3)])).toBeUndefined();
  });

  it("are two when nobody ever fenced the old source", () => {
    expect(secondWriter([sample(1, "a", "b")])?.at).toBe(1);
  });
});
