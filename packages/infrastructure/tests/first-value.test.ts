import { describe, expect, it } from "vitest";
import { firstValue, passwordOf } from "../src/first-value.ts";
import { account } from "./mock-aws.ts";
import { isMarkedSecret, plain, run } from "./stack-mocks.ts";
import { firstEast, laterEast } from "./worlds.ts";

const instance = "aws:rds/instance:Instance";
const version = "aws:secretsmanager/secretVersion:SecretVersion";

describe("the secret's policy", () => {
  it("lets the roles of both Regions read, by name under the account as principal", async () => {
    const { resource } = await run(firstEast());
    const policy: unknown = JSON.parse(
      String(resource("aws:secretsmanager/secret:Secret", "secret").inputs["policy"]),
    );
    expect(policy).toMatchObject({
      Statement: [
        {
          Principal: { AWS: `arn:aws:iam::${account}:root` },
          Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": [
                `arn:aws:iam::${account}:role/orders-prod-orders-us-east-1`,
                `arn:aws:iam::${account}:role/orders-prod-orders-us-west-2`,
              ],
            },
          },
        },
      ],
    });
  });
});

describe("the secret's first value", () => {
  it("is written while no database exists, kept on a second attempt, and never deleted", async () => {
    const { resource } = await run(firstEast());
    const { inputs, options } = resource(version, "secret-first-value");
    expect(isMarkedSecret(inputs["secretString"])).toBe(true);
    expect(options).toMatchObject({
      ignoreChanges: ["secretString"],
      retainOnDelete: true,
      protect: false,
    });
    expect(JSON.parse(String(plain(inputs["secretString"])))).toEqual({
      engine: "mysql",
      host: "db.orders.internal",
      port: 3306,
      username: "orders_admin",
      password: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      dbname: "orders",
    });
  });

  it("gives the database its password, as a secret", async () => {
    const { resource } = await run(firstEast());
    const value = plain(resource(version, "secret-first-value").inputs["secretString"]);
    const { password } = resource(instance, "database-1").inputs;
    expect(isMarkedSecret(password)).toBe(true);
    expect(plain(password)).toBe(JSON.parse(String(value)).password);
  });

  it("is forgotten as soon as a database exists, and the password with it", async () => {
    const { ofType, resource } = await run(laterEast());
    expect(ofType(version)).toEqual([]);
    const database = resource(instance, "database-1");
    expect(database.inputs).not.toHaveProperty("password");
    expect(database.options.ignoreChanges).toEqual(["password"]);
  });

  it("leaves the password in no plain input and in no output", async () => {
    const { resources, resource, outputs } = await run(firstEast());
    const password = String(plain(resource(instance, "database-1").inputs["password"]));
    const inPlain = JSON.stringify(
      resources.map(({ inputs }) => inputs),
      (_, value) => (isMarkedSecret(value) ? "(secret)" : value),
    );
    expect(inPlain).not.toContain(password);
    expect(JSON.stringify(outputs)).not.toContain(password);
  });
});

describe("a first value", () => {
  const database = { hostName: "db.orders.internal", username: "u", databaseName: "d" };

  it("has another password each time", () => {
    const passwords = Array.from({ length: 20 }, () => passwordOf(firstValue(database)));
    expect(new Set(passwords).size).toBe(20);
  });

  it("that cannot be used is named by its field and never shown", () => {
    expect(() => passwordOf('{"host":"hunter2"}')).toThrow(/password is missing/);
    expect(() => passwordOf('{"host":"hunter2"}')).not.toThrow(/hunter2/);
  });
});
