import type { AlarmRule, AlarmState } from "./alarm-evaluation.ts";

/** What Route 53 asks of CloudWatch. */
export interface AlarmUse {
  /** Undefined: there is no such alarm. */
  ruleOf(region: string, alarmName: string): AlarmRule | undefined;
  /** By the metric's data, not by the alarm's state. A lost Region has none. */
  stateByData(region: string, rule: AlarmRule): AlarmState;
}
