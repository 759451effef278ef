import { accountId } from "../account.ts";
import { PerRegion } from "../per-region.ts";
import { AwsError } from "../service.ts";
import type { TagMap } from "../tag-map.ts";

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  /** JSON text. Undefined: the event itself. */
  readonly input: string | undefined;
}

export interface Rule {
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  description: string | undefined;
  scheduleExpression: string | undefined;
  eventPattern: string | undefined;
  state: "ENABLED" | "DISABLED";
  readonly tags: TagMap;
  readonly targets: Map<string, RuleTarget>;
}

export const ruleArn = (region: string, name: string): string =>
  `arn:aws:events:${region}:${accountId}:rule/${name}`;

/** Rules of the default bus of every Region. */
export class RuleStore {
  readonly #regions = new PerRegion<Map<string, Rule>>(() => new Map());

  in(region: string): Map<string, Rule> {
    return this.#regions.in(region);
  }

  /** Throws `ResourceNotFoundException`. */
  get(region: string, name: string | undefined): Rule {
    const rule = this.in(region).get(name ?? "");
    if (rule) return rule;
    throw new AwsError(
      "ResourceNotFoundException",
      `Rule ${name ?? ""} does not exist on EventBus default.`,
    );
  }
}
