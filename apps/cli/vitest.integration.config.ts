import { defineConfig } from "vitest/config";

/** The bundle as a process of its own. */
export default defineConfig({
  test: {
    include: ["tests/**/*.integration.test.ts"],
    environment: "node",
    testTimeout: 60_000,
  },
});
