import { type FoundDatabase, presentDatabases } from "./database-choice.ts";
import { readTools } from "./repository.ts";

/**
 * Every kind of server that this machine has. STANDBY_TEST_DATABASES, such as `mariadb,mysql`, says which must be tested:
 * these and no other, and the tests fail when one is missing. Where it says nothing, what takes a minute a kind may do with one.
 */
export const databasesUnderTest = async (
  unlessRequired: "every kind" | "one kind" = "every kind",
): Promise<readonly FoundDatabase[]> => {
  const present = await presentDatabases(readTools().mysqlServer);
  const required = (process.env["STANDBY_TEST_DATABASES"] ?? "").split(",").filter(Boolean);
  const missing = required.filter((kind) => !present.some(({ dialect }) => dialect.kind === kind));
  if (missing.length > 0 || present.length === 0) {
    throw new Error(
      `No server to test of the kind ${missing.join(", ") || "mariadb or mysql"}: \`node tools/bootstrap.mjs\` brings MariaDB, with \`--database mysql\` MySQL as well.`,
    );
  }
  if (required.length === 0) return unlessRequired === "one kind" ? present.slice(-1) : present;
  return present.filter(({ dialect }) => required.includes(dialect.kind));
};
