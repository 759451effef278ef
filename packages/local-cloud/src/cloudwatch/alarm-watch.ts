import type { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { AlarmActionTargets } from "./alarm-actions.ts";
import { type AlarmRule, type AlarmState, stateByData } from "./alarm-evaluation.ts";
import type { Alarm, AlarmStore } from "./alarm-store.ts";
import type { MetricStore } from "./metric-store.ts";

export interface AlarmWatchOptions {
  readonly alarms: AlarmStore;
  readonly metrics: MetricStore;
  readonly targets: AlarmActionTargets;
  readonly background: Background;
  readonly dials: Dials;
}

/** Evaluates every alarm again and again, and tells of each change of state. An alarm of a lost Region stands still. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
    options.background.start(() => this.#run());
  }

  /** What the data say, whatever state the alarm is in. Undefined: no state of its own. */
  stateByData(region: string, rule: AlarmRule): AlarmState | undefined {
    const { metrics, dials } = this.#options;
    const minuteMilliseconds = dials.scheduleMinuteSeconds * 1000;
    const datapoints = metrics.datapoints(region, rule.metric);
    return stateByData(rule, datapoints, Date.now(), minuteMilliseconds);
  }

  /** Puts the alarm into a state and does what it is to do then. */
  enter(alarm: Alarm, state: AlarmState, reason: string): void {
    const before = alarm.state;
    alarm.stateReason = reason;
    if (before === state) return;
    alarm.state = state;
    alarm.stateSince = new Date();
    alarm.history.push({
      at: alarm.stateSince,
      type: "StateUpdate",
      summary: `Alarm updated from ${before} to ${state}`,
    });
    if (alarm.actions.isEnabled) this.#options.targets.tell(alarm, before);
  }

  async #run(): Promise<void> {
    const { alarms, background, dials } = this.#options;
    for (;;) {
      await background.sleep(dials.alarmEvaluationSeconds);
      for (const alarm of alarms.all()) {
        if (!background.isReachable(alarm.region)) continue;
        const state = this.stateByData(alarm.region, alarm.rule);
        if (state !== undefined && state !== alarm.state)
          this.enter(alarm, state, `The data of the last periods give ${state}.`);
      }
    }
  }
}
