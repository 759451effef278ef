import { describe, expect, it } from "vitest";
import { groupsOf, killPointsOf } from "../../kill-points/kill-point.ts";

const step = (id: string, ...byHand: readonly string[]) => ({ id, title: `Do ${id}`, byHand });
const plan = [
  step("promote", "aws rds promote-read-replica"),
  step("set-flags", "pulumi config set failover true -s prod-west"),
  step("build-replica", "pulumi refresh --yes -s prod-east", "pulumi up -s prod-east"),
  step("settled-prod-west", "pulumi preview --expect-no-changes -s prod-west"),
];
const points = killPointsOf(plan);

describe("the kill points of a plan", () => {
  it("are before, during and after each step, and with the engine where the step updates a stack", () => {
    expect(points.map((point) => `${point.step} ${point.moment}`)).toEqual([
      "promote before",
      "promote during",
      "promote after",
      "set-flags before",
      "set-flags during",
      "set-flags after",
      "build-replica before",
      "build-replica during",
      "build-replica engine",
      "build-replica after",
      "settled-prod-west before",
      "settled-prod-west during",
      "settled-prod-west after",
    ]);
  });

  it("know by its line for a shell what shows that a step is in its middle", () => {
    const signs = Object.fromEntries(points.map((point) => [point.step, point.sign]));
    expect(signs).toEqual({
      promote: "change",
      "set-flags": "file",
      "build-replica": "change",
      "settled-prod-west": "look",
    });
  });

  it("wait for the replica's creation in the step that builds it", () => {
    const operations = new Set(points.map(({ operation }) => operation));
    expect([...operations]).toEqual([undefined, "CreateDBInstanceReadReplica"]);
  });

  it("share an execution with the others of their step but for the engine's, or have one each", () => {
    expect(groupsOf(points, false).map((group) => group.length)).toEqual([3, 3, 3, 1, 3]);
    expect(groupsOf(points, true)).toHaveLength(points.length);
  });
});
