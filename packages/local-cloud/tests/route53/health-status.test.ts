import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { describe, expect, it } from "vitest";
import { nextHealth } from "../../src/route53/health-status.ts";

const config = (more: Partial<HealthCheckConfig> = {}): HealthCheckConfig => ({
  Type: "CLOUDWATCH_METRIC",
  ...more,
});

describe("a look at the alarm's data", () => {
  it.each([
    ["OK", true],
    ["ALARM", false],
  ] as const)("that give %s makes the check healthy: %s, whatever it was", (state, isHealthy) => {
    for (const last of [true, false])
      expect(nextHealth(config(), last, state)).toEqual({ isHealthy, isHealthyByData: isHealthy });
  });

  it.each([
    [undefined, true, true],
    [undefined, false, false],
    ["LastKnownStatus", false, false],
    ["Healthy", false, true],
    ["Unhealthy", true, false],
  ] as const)(
    "that do not suffice, with %s and last known %s, gives %s, and the last known stays",
    (InsufficientDataHealthStatus, last, isHealthy) => {
      expect(
        nextHealth(config({ InsufficientDataHealthStatus }), last, "INSUFFICIENT_DATA"),
      ).toEqual({ isHealthy, isHealthyByData: last });
    },
  );

  it("is turned round for an inverted check, and means nothing to a disabled one", () => {
    expect(nextHealth(config({ Inverted: true }), true, "ALARM").isHealthy).toBe(true);
    expect(nextHealth(config({ Disabled: true }), true, "ALARM").isHealthy).toBe(true);
  });
});
