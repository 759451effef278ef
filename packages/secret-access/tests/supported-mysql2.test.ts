import { createRequire } from "node:module";
import { expect, it } from "vitest";

const require = createRequire(import.meta.url);
const versionOf = (name: string): string =>
  (require(`${name}/package.json`) as { version: string }).version;
const { dependencies } = require("../package.json") as { dependencies: Record<string, string> };

/** The integration tests run over both ends of the range. */
it("the lowest mysql2 under test is the lowest that the package allows, the other one is newer", () => {
  expect(dependencies["mysql2"]).toBe(`^${versionOf("mysql2-lowest")}`);
  const [lowest, newest] = [versionOf("mysql2-lowest"), versionOf("mysql2")];
  expect(newest.localeCompare(lowest, "en", { numeric: true })).toBe(1);
});
