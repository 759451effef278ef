import { describe, expect, it } from "vitest";
import { declarationRules } from "../src/declaration-rules.ts";
import { types } from "../src/declared-resource.ts";
import { describeViolation, judgePlan } from "../src/judge-plan.ts";
import { planRules } from "../src/plan-rules.ts";
import { type StepParts, step } from "./support/plans.ts";

const database = types.database;
const secret = types.secret;

/** By rule: the one step that breaks it and no other rule. */
const broken: Readonly<Record<string, readonly StepParts[]>> = {
  protected: [
    types.database,
    types.secret,
    types.key,
    types.zone,
    types.record,
    types.bucket,
    types.network,
  ].map((type) => ({ type, protect: false })),
  "deletion-protection": [
    { type: database, inputs: { deletionProtection: false } },
    { type: database, inputs: { deletionProtection: undefined } },
  ],
  "backups-on": [
    { type: database, inputs: { backupRetentionPeriod: 0 } },
    { type: database, inputs: { backupRetentionPeriod: undefined } },
  ],
  "storage-encrypted": [
    { type: database, inputs: { storageEncrypted: false } },
    { type: database, inputs: { storageEncrypted: undefined } },
    { type: database, inputs: { kmsKeyId: undefined } },
  ],
  "final-snapshot": [
    { type: database, inputs: { skipFinalSnapshot: true } },
    { type: database, inputs: { finalSnapshotIdentifier: undefined } },
  ],
  "not-public": [{ type: database, inputs: { publiclyAccessible: true } }],
  "recovery-window": [{ type: secret, inputs: { recoveryWindowInDays: 0 } }],
  "no-overwrite": [{ type: secret, inputs: { forceOverwriteReplicaSecret: true } }],
  "no-replacement": Object.values(types).flatMap((type) =>
    ["replace", "create-replacement", "delete-replaced"].map((operation) => ({ type, operation })),
  ),
  "no-deletion": Object.values(types).map((type) => ({ type, operation: "delete" })),
  "keep-replicas": [
    { type: secret, inputs: { replicas: [] } },
    { type: secret, inputs: { replicas: [{ region: "eu-west-1", kmsKeyId: "other" }] } },
    { type: secret, inputs: { replicas: [{ region: "us-west-2", kmsKeyId: "other" }] } },
  ],
};

const rules = [...declarationRules, ...planRules].map(({ name }) => name);

describe("the rules", () => {
  it("have a case each", () => {
    expect(Object.keys(broken).sort()).toEqual([...rules].sort());
  });

  it.each(
    Object.entries(broken).flatMap(([rule, cases]) =>
      cases.map((parts) => [rule, JSON.stringify(parts), parts] as const),
    ),
  )("%s, and no other, is broken by %s", (rule, _text, parts) => {
    const found = judgePlan([step(parts)]);
    expect(found.map((violation) => violation.rule)).toEqual([rule]);
    expect(describeViolation(found[0] ?? expect.fail())).toMatch(`${rule}  it (${parts.type}): `);
  });

  it.each(Object.values(types))(
    "leave %s alone when it is created, updated or the same",
    (type) => {
      const plan = ["create", "update", "same"].map((operation) => step({ type, operation }));
      expect(judgePlan(plan)).toEqual([]);
    },
  );

  it("let anything else be deleted and replaced", () => {
    const others = [
      "aws:lambda/function:Function",
      "aws:secretsmanager/secretVersion:SecretVersion",
    ];
    expect(
      judgePlan(others.map((type) => step({ type, operation: "delete", protect: false }))),
    ).toEqual([]);
  });

  it("let replicas be added, and be left out, which changes nothing in AWS", () => {
    const replica = { region: "us-west-2", kmsKeyId: "arn:aws:kms:us-west-2:123456789012:key/1" };
    const more = [replica, { region: "eu-west-1", kmsKeyId: "another" }];
    expect(judgePlan([step({ type: secret, inputs: { replicas: more } })])).toEqual([]);
    expect(judgePlan([step({ type: secret, inputs: { replicas: undefined } })])).toEqual([]);
  });

  it("let a group go whose database has gone, as far as the plan shows every resource", () => {
    const group = step({ type: types.parameterGroup, operation: "delete", id: "parameters-1" });
    const user = step({ type: database, operation: "same" });
    const another = step({
      type: database,
      operation: "same",
      inputs: { parameterGroupName: "parameters-2" },
      before: { parameterGroupName: "parameters-2" },
    });
    const rulesOf = (...plan: Parameters<typeof judgePlan>[0]) =>
      judgePlan(plan).map(({ rule }) => rule);
    expect(rulesOf(group, another)).toEqual([]);
    expect(rulesOf(group, user)).toEqual(["no-deletion"]);
    expect(rulesOf(group)).toEqual(["no-deletion"]);
  });
});
