import { randomUUID } from "node:crypto";
import { accountId } from "../account.ts";
import type { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { FunctionUse } from "../function-use.ts";
import type { Rule, RuleTarget } from "./rule-store.ts";
import { rateMinutes } from "./schedule.ts";

export interface SchedulerOptions {
  readonly functions: FunctionUse;
  readonly background: Background;
  readonly dials: Dials;
}

const callSeconds = 60;

/** Calls the targets of scheduled rules, first after one interval. A call that fails is tried again at the next turn only. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  /** Of each rule the schedule in force: an earlier one ends by itself. */
  readonly #current = new Map<Rule, symbol>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Follows the rule's schedule from now on. */
  follow(rule: Rule): void {
    const turn = Symbol(rule.name);
    this.#current.set(rule, turn);
    const { scheduleExpression, state } = rule;
    if (scheduleExpression === undefined || state === "DISABLED") return;
    const seconds = rateMinutes(scheduleExpression) * this.#options.dials.scheduleMinuteSeconds;
    this.#options.background.start(() => this.#run(rule, turn, seconds));
  }

  forget(rule: Rule): void {
    this.#current.delete(rule);
  }

  async #run(rule: Rule, turn: symbol, seconds: number): Promise<void> {
    const { background } = this.#options;
    for (;;) {
      await background.sleep(seconds);
      await background.untilReachable(rule.region);
      if (this.#current.get(rule) !== turn) return;
      await Promise.all([...rule.targets.values()].map((target) => this.#call(rule, target)));
    }
  }

  async #call(rule: Rule, target: RuleTarget): Promise<void> {
    const { functions } = this.#options;
    const call = { region: rule.region, functionArn: target.arn, sourceArn: rule.arn };
    // Without the function's permission EventBridge drops the event, and only a metric says so.
    if (!functions.permits({ ...call, service: "events.amazonaws.com" })) return;
    const event: object =
      target.input === undefined ? scheduledEvent(rule) : JSON.parse(target.input);
    const late = AbortSignal.timeout(callSeconds * 1000);
    // What became of it is the function's own affair: the call is asynchronous on AWS.
    await functions.call(rule.region, target.arn, event, late).catch(() => {});
  }
}

const scheduledEvent = (rule: Rule): object => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: accountId,
  time: `${new Date().toISOString().slice(0, 19)}Z`,
  region: rule.region,
  resources: [rule.arn],
  detail: {},
});
