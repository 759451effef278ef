export { type DeclarationRule, declarationRules } from "./declaration-rules.ts";
export type { DeclaredResource } from "./declared-resource.ts";
export { describeViolation, judgePlan, judgeStep, type Violation } from "./judge-plan.ts";
export { type PlanRule, planRules } from "./plan-rules.ts";
export type { PlannedStep } from "./planned-step.ts";
export { NotAPlanError, readPlan } from "./read-plan.ts";
