import { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { FunctionUse } from "../function-use.ts";
import type { Notifications } from "../notifications.ts";
import type { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import { AlarmActionTargets } from "./alarm-actions.ts";
import { AlarmStore } from "./alarm-store.ts";
import type { AlarmUse } from "./alarm-use.ts";
import { AlarmWatch } from "./alarm-watch.ts";
import { alarmOperations } from "./alarms.ts";
import { MetricStore } from "./metric-store.ts";
import { metricOperations } from "./metrics.ts";
import { tagOperations } from "./tags.ts";

export interface CloudWatch extends Service {
  /** For the services whose health follows an alarm. */
  readonly alarms: AlarmUse;
  /** For the services that publish metrics of their own. */
  readonly metrics: MetricStore;
  /** Whether an alarm of the Region is on a metric of this namespace. */
  isWatched(region: string, namespace: string): boolean;
  /** Ends the evaluation. */
  close(): Promise<void>;
}

/** CloudWatch: metrics of standard resolution and the alarms on them. An alarm on metric math, a percentile or a forecast is not modelled. */
export function createCloudWatch({
  dials,
  outages,
  functions,
  notifications,
}: {
  readonly dials: Dials;
  readonly outages: Outages;
  /** Asked when an alarm calls a function. */
  readonly functions: () => FunctionUse;
  readonly notifications: Notifications;
}): CloudWatch {
  const background = new Background(outages);
  const metrics = new MetricStore();
  const store = new AlarmStore();
  const targets = new AlarmActionTargets({ notifications, functions, background });
  const watch = new AlarmWatch({ alarms: store, metrics, targets, background, dials });
  return {
    name: "cloudwatch",
    operations: {
      ...metricOperations(metrics, dials),
      ...alarmOperations(store, watch),
      ...tagOperations(store),
    },
    alarms: {
      ruleOf: (region, name) => store.in(region).get(name)?.rule,
      stateByData: (region, rule) =>
        background.isReachable(region)
          ? (watch.stateByData(region, rule) ?? "INSUFFICIENT_DATA")
          : "INSUFFICIENT_DATA",
    },
    metrics,
    isWatched: (region, namespace) =>
      [...store.in(region).values()].some(({ rule }) => rule.metric.namespace === namespace),
    close: () => background.close(),
  };
}
