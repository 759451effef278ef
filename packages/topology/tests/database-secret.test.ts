import { describe, expect, it } from "vitest";
import { parseDatabaseSecret } from "../src/index.ts";

const value = {
  engine: "mysql",
  host: "db.orders.internal",
  port: 3306,
  username: "admin",
  password: "s3cret-value",
  dbname: "orders",
};

describe("parseDatabaseSecret", () => {
  it("reads the fields that the rotation functions use and ignores others", () => {
    expect(parseDatabaseSecret(JSON.stringify({ ...value, masterarn: "x" }))).toEqual({
      secret: value,
    });
  });

  it("reads a port that is a text", () => {
    expect(parseDatabaseSecret(JSON.stringify({ ...value, port: "3307" }))).toMatchObject({
      secret: { port: 3307 },
    });
  });

  it.each([
    ["host", { ...value, host: undefined }],
    ["username", { ...value, username: "" }],
    ["password", { ...value, password: 7 }],
    ["dbname", { ...value, dbname: null }],
    ["port", { ...value, port: 0 }],
    ["engine", { ...value, engine: "postgres" }],
  ])("names the key %s", (key, broken) => {
    expect(parseDatabaseSecret(JSON.stringify(broken))).toMatchObject({ problems: [{ key }] });
  });

  it.each(["", "s3cret-value", "[1]", "null"])("refuses %j as a whole", (text) => {
    expect(parseDatabaseSecret(text)).toMatchObject({ problems: [{ key: "(value)" }] });
  });

  it("reports every problem at once and never a value", () => {
    const result = parseDatabaseSecret(
      JSON.stringify({ password: 7, host: "s3cret-value", port: "s3cret-value" }),
    );
    expect(JSON.stringify(result)).not.toContain("s3cret-value");
    expect("problems" in result && result.problems.map(({ key }) => key)).toEqual([
      "port",
      "username",
      "password",
      "dbname",
    ]);
  });
});
