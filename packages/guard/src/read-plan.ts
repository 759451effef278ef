import type { DeclaredResource, Inputs } from "./declared-resource.ts";
import type { PlannedStep } from "./planned-step.ts";

interface State {
  readonly id?: string;
  readonly inputs?: Inputs;
  readonly protect?: boolean;
}

interface PlanDocument {
  readonly steps?: readonly {
    readonly op: string;
    readonly urn: string;
    readonly oldState?: State | null;
    readonly newState?: State | null;
  }[];
}

/** What was given is no answer of `pulumi preview --json`. */
export class NotAPlanError extends Error {
  override readonly name = "NotAPlanError";
}

/**
 * The steps of `pulumi preview --json`.
 *
 * @throws NotAPlanError without a word of the text, which may hold anything.
 */
export function readPlan(text: string): readonly PlannedStep[] {
  const { steps } = parse(text);
  if (!Array.isArray(steps))
    throw new NotAPlanError(
      "This is no plan: there are no steps in it. The preview may have failed.",
    );
  return (steps as NonNullable<PlanDocument["steps"]>).map(({ op, urn, oldState, newState }) => {
    const type = typeOf(urn);
    return {
      operation: op,
      type,
      name: urn.split("::").at(-1) ?? urn,
      id: oldState?.id,
      declared: declaredOf(type, op === "delete" ? undefined : newState),
      before: oldState?.inputs,
    };
  });
}

function parse(text: string): PlanDocument {
  try {
    return (JSON.parse(text) ?? {}) as PlanDocument;
  } catch {
    throw new NotAPlanError(
      "This is no plan: it is not JSON. Give the output of pulumi preview --json.",
    );
  }
}

const declaredOf = (type: string, state: State | null | undefined): DeclaredResource | undefined =>
  state ? { type, protect: state.protect === true, inputs: state.inputs ?? {} } : undefined;

/** `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>` */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? urn;
