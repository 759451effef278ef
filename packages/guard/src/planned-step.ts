import type { DeclaredResource, Inputs } from "./declared-resource.ts";

/** One step of a plan, unchanged resources included. */
export interface PlannedStep {
  /** The engine's word: `same`, `create`, `update`, `replace`, `delete` and others. */
  readonly operation: string;
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Its id in AWS, for what exists. */
  readonly id: string | undefined;
  /** As it is declared after the step; undefined when it goes. */
  readonly declared: DeclaredResource | undefined;
  /** Inputs of what exists. */
  readonly before: Inputs | undefined;
}

const unchanging: readonly string[] = ["same", "read", "discard", "refresh"];

export const changesSomething = ({ operation }: PlannedStep): boolean =>
  !unchanging.includes(operation);

/** Words of the engine for a resource that goes and another that comes in its place. */
export const isReplacement = ({ operation }: PlannedStep): boolean =>
  operation.includes("replace") || operation.endsWith("-replacement");

export const isDeletion = ({ operation }: PlannedStep): boolean => operation === "delete";
