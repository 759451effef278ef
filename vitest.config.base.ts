import { defineConfig } from "vitest/config";

/** Shared by every package: tests are files under tests/, integration tests are `*.integration.test.ts`. */
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/**/*.integration.test.ts"],
    environment: "node",
    testTimeout: 20_000,
    unstubEnvs: true,
  },
});
