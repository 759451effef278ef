import { describe, expect, it } from "vitest";
import { isAllowed, type Permission, type Statement } from "../../src/iam/policy.ts";

const arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:orders/database-AbCdEf";

const permission = (over: Partial<Permission> = {}): Permission => ({
  action: "secretsmanager:GetSecretValue",
  resource: arn,
  context: {},
  ...over,
});

const allow = (over: Partial<Statement> = {}): Statement => ({
  Effect: "Allow",
  Action: "secretsmanager:GetSecretValue",
  Resource: arn,
  ...over,
});

const decide = (asked: Permission, ...statements: readonly Statement[]) =>
  isAllowed([{ Statement: statements }], asked);

describe("a decision by identity policies", () => {
  it("is no, unless something says yes", () => {
    expect(decide(permission())).toBe(false);
    expect(decide(permission(), allow())).toBe(true);
    expect(decide(permission(), allow({ Action: "secretsmanager:DescribeSecret" }))).toBe(false);
    expect(decide(permission(), allow({ Resource: `${arn}2` }))).toBe(false);
  });

  it("reads patterns, lists, and names of actions in any case", () => {
    expect(decide(permission(), allow({ Action: ["kms:*", "secretsmanager:getSecret*"] }))).toBe(
      true,
    );
    expect(decide(permission(), allow({ Resource: arn.replace("AbCdEf", "??????") }))).toBe(true);
    expect(decide(permission(), allow({ Resource: "*" }))).toBe(true);
    // A dot of an ARN is a dot.
    expect(decide(permission({ resource: "aXb" }), allow({ Resource: "a.b" }))).toBe(false);
  });

  it("is no where something denies it", () => {
    expect(decide(permission(), allow(), allow({ Effect: "Deny", Resource: "*" }))).toBe(false);
  });

  it("wants every condition met, and takes a missing key for unmet", () => {
    const condition = { StringEquals: { "kms:ViaService": "secretsmanager.us-west-2" } };
    const statement = allow({ Condition: condition });
    const via = (service: string) => permission({ context: { "kms:ViaService": service } });
    expect(decide(via("secretsmanager.us-west-2"), statement)).toBe(true);
    expect(decide(via("rds.us-west-2"), statement)).toBe(false);
    expect(decide(permission(), statement)).toBe(false);
    expect(() => decide(permission(), allow({ Condition: { Null: {} } }))).toThrow(/NotModelled/);
  });
});
