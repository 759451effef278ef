import { randomInt } from "node:crypto";
import { type DatabaseSecret, parseDatabaseSecret } from "@standby/topology";
import { mysqlPort } from "./components/regional-database.ts";

/** RDS takes 8 to 41 printable characters without / @ " and space; letters and digits alone need no quoting anywhere. */
const passwordAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const passwordLength = 32;

/** The secret's first value, with a password that nobody has seen. */
export function firstValue(database: {
  readonly hostName: string;
  readonly username: string;
  readonly databaseName: string;
}): string {
  const password = Array.from(
    { length: passwordLength },
    () => passwordAlphabet[randomInt(passwordAlphabet.length)],
  ).join("");
  const value: DatabaseSecret = {
    engine: "mysql",
    host: database.hostName,
    port: mysqlPort,
    username: database.username,
    password,
    dbname: database.databaseName,
  };
  return JSON.stringify(value);
}

/** @throws TypeError that names the field, for a value that is not a database secret. */
export function passwordOf(secretValue: string): string {
  const result = parseDatabaseSecret(secretValue);
  if ("secret" in result) return result.secret.password;
  const problems = result.problems.map(({ key, reason }) => `${key} ${reason}`);
  throw new TypeError(`the secret's first value cannot be used: ${problems.join(", ")}`);
}
