import { defineConfig } from "vitest/config";

/** Every order of the operating flags: the program under mocks first, then the real engine on the local cloud. */
export default defineConfig({
  test: {
    include: ["tests/flag-orders/*.orders.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 1_800_000,
    unstubEnvs: true,
  },
});
