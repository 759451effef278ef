import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import type { Background } from "../background.ts";
import type { AlarmState } from "../cloudwatch/alarm-evaluation.ts";
import type { AlarmUse } from "../cloudwatch/alarm-use.ts";
import type { Dials } from "../dials.ts";
import type { HealthCheck, HealthCheckStore } from "./health-check-store.ts";

export interface Health {
  /** By the last data that sufficed. */
  readonly isHealthyByData: boolean;
  readonly isHealthy: boolean;
}

function withoutData(config: HealthCheckConfig, last: boolean): boolean {
  if (config.InsufficientDataHealthStatus === "Healthy") return true;
  return config.InsufficientDataHealthStatus === "Unhealthy" ? false : last;
}

/** What a check says after one look at its alarm's data. A disabled one always says healthy. */
export function nextHealth(config: HealthCheckConfig, last: boolean, state: AlarmState): Health {
  const isHealthyByData = state === "INSUFFICIENT_DATA" ? last : state === "OK";
  const isGood = state === "INSUFFICIENT_DATA" ? withoutData(config, last) : isHealthyByData;
  const isTurned = config.Inverted === true;
  return { isHealthyByData, isHealthy: config.Disabled === true || isGood !== isTurned };
}

/** The alarm is read once; an alarm that was deleted since gives no data, and another one of its name is not followed. */
function stateOf(check: HealthCheck, alarms: AlarmUse): AlarmState {
  const { Name = "", Region = "" } = check.config.AlarmIdentifier ?? {};
  const alarm = alarms.ruleOf(Region, Name);
  if (alarm === undefined) return "INSUFFICIENT_DATA";
  check.alarmRule ??= alarm;
  return alarms.stateByData(Region, check.alarmRule);
}

/** Route 53's checkers: they look at the data again and again, whatever becomes of the control plane. */
export function watchHealth({
  healthChecks,
  alarms,
  background,
  dials,
}: {
  readonly healthChecks: HealthCheckStore;
  readonly alarms: AlarmUse;
  readonly background: Background;
  readonly dials: Dials;
}): void {
  background.start(async () => {
    for (;;) {
      await background.sleep(dials.healthCheckSeconds);
      for (const check of healthChecks.all())
        Object.assign(
          check,
          nextHealth(check.config, check.isHealthyByData, stateOf(check, alarms)),
        );
    }
  });
}
