import { databasesUnderTest } from "@standby/local-cloud/testing";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const databases = await databasesUnderTest();

/** The same files in each: one kind of server, which is all that the tests then see. */
const project = (
  order: number,
  name: string,
  kind: string,
  more: TestProjectInlineConfiguration = {},
): TestProjectInlineConfiguration => ({
  ...more,
  extends: true,
  test: {
    name,
    include: ["tests/**/*.integration.test.ts"],
    env: { STANDBY_TEST_DATABASES: kind },
    sequence: { groupOrder: order },
  },
});

const onEachKind = databases.map(({ dialect }, order) =>
  project(order, dialect.kind, dialect.kind),
);

/** The lowest mysql2 that package.json allows, in the place of the newest. */
const lowest = project(
  databases.length,
  "lowest mysql2",
  databases[databases.length - 1]?.dialect.kind ?? "",
  { resolve: { alias: [{ find: /^mysql2(?=\/|$)/, replacement: "mysql2-lowest" }] } },
);

/** Integration tests start real servers: one file at a time on a small machine. */
export default defineConfig({
  test: {
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [...onEachKind, lowest],
  },
});
