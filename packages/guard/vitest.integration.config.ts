import { defineConfig } from "vitest/config";

/** Integration tests start real servers: one file at a time on a small machine. */
export default defineConfig({
  test: {
    include: ["tests/**/*.integration.test.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
