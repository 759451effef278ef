import { accountId } from "../account.ts";
import { PerRegion } from "../per-region.ts";
import type { TagMap } from "../tag-map.ts";
import type { AlarmRule, AlarmState } from "./alarm-evaluation.ts";

/** What an alarm tells when it comes into each state. */
export interface AlarmActions {
  readonly isEnabled: boolean;
  readonly on: Readonly<Record<AlarmState, readonly string[]>>;
}

interface HistoryItem {
  readonly at: Date;
  readonly type: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly summary: string;
}

export interface Alarm {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly tags: TagMap;
  readonly history: HistoryItem[];
  description: string | undefined;
  unit: string | undefined;
  rule: AlarmRule;
  /** As stated; undefined means every evaluated period. */
  statedDatapointsToAlarm: number | undefined;
  actions: AlarmActions;
  state: AlarmState;
  stateReason: string;
  stateSince: Date;
  configuredAt: Date;
}

export const alarmArn = (region: string, name: string): string =>
  `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;

/** The alarms of every Region. */
export class AlarmStore {
  readonly #regions = new PerRegion<Map<string, Alarm>>(() => new Map());

  in(region: string): Map<string, Alarm> {
    return this.#regions.in(region);
  }

  all(): readonly Alarm[] {
    return this.#regions.all().flatMap((alarms) => [...alarms.values()]);
  }
}
