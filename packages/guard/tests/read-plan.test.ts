import { expect, it } from "vitest";
import { NotAPlanError, readPlan } from "../src/read-plan.ts";

const urn =
  "urn:pulumi:prod-west::standby::standby:database:RegionalDatabase$aws:rds/instance:Instance::database-1";

it("reads operation, type, name, protection and inputs of every step", () => {
  const text = JSON.stringify({
    config: {},
    steps: [
      {
        op: "update",
        urn,
        oldState: { id: "db-1", inputs: { backupRetentionPeriod: 7 }, protect: true },
        newState: { inputs: { backupRetentionPeriod: 0 }, protect: true },
      },
      { op: "delete", urn, oldState: { id: "db-1", inputs: {} } },
    ],
  });
  const common = { type: "aws:rds/instance:Instance", name: "database-1", id: "db-1" };
  expect(readPlan(text)).toEqual([
    {
      ...common,
      operation: "update",
      declared: { type: common.type, protect: true, inputs: { backupRetentionPeriod: 0 } },
      before: { backupRetentionPeriod: 7 },
    },
    { ...common, operation: "delete", declared: undefined, before: {} },
  ]);
});

it.each(["", "error: no stack", "null", "[]", '{"diagnostics":[]}'])(
  "refuses %j without repeating it",
  (text) => {
    expect(() => readPlan(text)).toThrow(NotAPlanError);
    expect(() => readPlan("hunter2")).not.toThrow(/hunter2/);
  },
);
