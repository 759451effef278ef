import { declarationRules } from "./declaration-rules.ts";
import { planRules } from "./plan-rules.ts";
import type { PlannedStep } from "./planned-step.ts";

/** A resource that breaks a rule. */
export interface Violation {
  readonly rule: string;
  /** The resource's name in the program. */
  readonly resource: string;
  readonly type: string;
  readonly reason: string;
}

/** Every rule that the plan breaks, resource by resource, in the order of the plan. */
export const judgePlan = (plan: readonly PlannedStep[]): readonly Violation[] =>
  plan.flatMap((step) => judgeStep(step, plan));

/** The rules that one step of the plan breaks. */
export function judgeStep(step: PlannedStep, plan: readonly PlannedStep[]): readonly Violation[] {
  const { type, name, declared } = step;
  const violation = (rule: string, reason: string | undefined): readonly Violation[] =>
    reason === undefined ? [] : [{ rule, resource: name, type, reason }];
  return [
    ...planRules
      .filter((rule) => rule.types.includes(type))
      .flatMap((rule) => violation(rule.name, rule.judge(step, plan))),
    ...(declared === undefined ? [] : declarationRules)
      .filter((rule) => rule.types.includes(type))
      .flatMap((rule) => violation(rule.name, declared && rule.judge(declared))),
  ];
}

/** One line for people: rule, resource and what is wrong. */
export const describeViolation = ({ rule, resource, type, reason }: Violation): string =>
  `${rule}  ${resource} (${type}): ${reason}`;
