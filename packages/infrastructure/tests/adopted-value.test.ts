import { describe, expect, it } from "vitest";
import { adoptedHostProblem, adoptedValueRefusals } from "../src/adopted-value.ts";

const facts = {
  stack: "prod-east",
  region: "us-east-1",
  arn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:legacy/orders-AbCdEf",
  databaseHostName: "db.orders.internal",
};
const value = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    engine: "mysql",
    host: "db.orders.internal",
    port: 3306,
    username: "orders_admin",
    password: "hunter2",
    dbname: "orders",
    ...changes,
  });

describe("the value of an adopted secret", () => {
  it("may have fields of its owner's", () => {
    expect(adoptedValueRefusals(facts, value({ owner: "payments" }))).toEqual([]);
  });

  it.each([
    ["is not JSON", "hunter2", "(value) is not JSON"],
    ["lacks a field", value({ dbname: undefined }), "dbname is missing"],
    ["is of another engine", value({ engine: "postgres" }), 'engine must be "mysql"'],
  ])("that %s is refused by the field, and never shown", (_, text, reason) => {
    const [refusal] = adoptedValueRefusals(facts, text);
    expect(refusal?.key).toBe("standby:secret.existing");
    expect(refusal?.reason).toContain(reason);
    expect(JSON.stringify(refusal)).not.toContain("hunter2");
  });

  it("has the user of the database that is created with its password", () => {
    const newUser = { ...facts, newUser: "orders_admin" };
    expect(adoptedValueRefusals(newUser, value())).toEqual([]);
    expect(adoptedValueRefusals(newUser, value({ username: "hunter3" }))).toMatchObject([
      { key: "standby:database.username", reason: expect.not.stringContaining("hunter3") },
    ]);
  });
});

describe("its host", () => {
  it("is the CNAME", () => {
    expect(adoptedHostProblem(facts, value())).toBeUndefined();
  });

  it.each([
    ["an RDS endpoint", "orders.c1.us-east-1.rds.amazonaws.com", "is an RDS endpoint"],
    ["another name", "mysql.example.com", "is not databaseHostName"],
  ])("is refused as %s, with a command that shows no value to others", (_, host, reason) => {
    const problem = adoptedHostProblem(facts, value({ host }));
    expect(problem?.reason).toContain(reason);
    expect(problem?.next).toContain(`jq -c '.host = "db.orders.internal"'`);
    expect(problem?.next).toContain("--secret-string file:///dev/stdin");
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|example/);
  });
});
