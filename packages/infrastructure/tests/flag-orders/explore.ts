import {
  byHand,
  deployed,
  keyOf,
  type Operation,
  operations,
  type Situation,
  violations,
  withWrites,
} from "./model.ts";
import { type Outcome, updateEast, updateWest } from "./updates.ts";

export interface Transition {
  readonly from: Situation;
  readonly operation: Operation;
  readonly to: Situation;
  /** Undefined where no update was made. */
  readonly outcome?: Outcome;
}

export interface Exploration {
  readonly situations: ReadonlyMap<string, Situation>;
  readonly transitions: readonly Transition[];
  readonly programRuns: number;
  readonly problems: readonly string[];
}

/** Sequences that end in the same situation go on alike, so that each operation is tried once in every situation that can be reached. */
export async function explore(length: number): Promise<Exploration> {
  const situations = new Map([[keyOf(deployed), deployed]]);
  const transitions: Transition[] = [];
  const problems: string[] = [];
  let programRuns = 0;
  let frontier: readonly Situation[] = [deployed];
  for (let depth = 1; depth <= length && frontier.length > 0; depth += 1) {
    const next: Situation[] = [];
    for (const from of frontier)
      for (const operation of operations) {
        const { transition, runs } = await attempt(from, operation);
        programRuns += runs;
        transitions.push(transition);
        problems.push(...problemsOf(transition));
        const key = keyOf(transition.to);
        if (situations.has(key)) continue;
        situations.set(key, transition.to);
        next.push(transition.to);
      }
    frontier = next;
  }
  problems.push(...declarationProblems(transitions));
  return { situations, transitions, problems, programRuns };
}

/** How many sequences of one to so many operations there are. */
export const sequencesUpTo = (length: number): number =>
  length === 0 ? 0 : operations.length ** length + sequencesUpTo(length - 1);

async function attempt(
  from: Situation,
  operation: Operation,
): Promise<{ readonly transition: Transition; readonly runs: number }> {
  if (operation !== "up prod-west" && operation !== "up prod-east")
    return { transition: { from, operation, to: withWrites(byHand(from, operation)) }, runs: 0 };
  const update = operation === "up prod-west" ? updateWest : updateEast;
  const outcome = await update(from);
  return { transition: { from, operation, to: withWrites(outcome.after), outcome }, runs: 1 };
}

function problemsOf({ from, operation, to, outcome }: Transition): readonly string[] {
  const where = `${operation} in ${JSON.stringify(from)}`;
  const found = violations(to).map((violation) => `${violation}: ${where}`);
  // A refusal changes nothing at all.
  if (outcome && !outcome.green && outcome.steps.length > 0)
    found.push(`a red update that changed something: ${where}`);
  return found;
}

/** A green update declares the same things every time, but for the source, the tag and the record: nothing is replaced or deleted. */
function declarationProblems(transitions: readonly Transition[]): readonly string[] {
  return (["up prod-east", "up prod-west"] as const).flatMap((operation) => {
    const declarations = transitions
      .filter((each) => each.operation === operation && each.outcome?.green)
      .map(({ outcome }) => outcome?.declaration);
    return new Set(declarations).size === 1
      ? []
      : [`${operation} declares ${new Set(declarations).size} different sets of resources`];
  });
}

/** The same update again, in the situation that a green one left: it must find nothing to do. */
export const repeats = (
  transitions: readonly Transition[],
): { readonly checked: number; readonly problems: readonly string[] } => {
  const byStart = new Map(
    transitions.map((transition) => [
      `${transition.operation} ${keyOf(transition.from)}`,
      transition,
    ]),
  );
  const green = transitions.filter(({ outcome }) => outcome?.green);
  const again = green.flatMap(({ operation, to }) => {
    const transition = byStart.get(`${operation} ${keyOf(to)}`);
    return transition ? [transition] : [];
  });
  return {
    checked: again.length,
    problems: again
      .filter(({ outcome }) => !outcome?.green || outcome.steps.length > 0)
      .map(
        ({ operation, from }) => `repeated ${operation} is not quiet in ${JSON.stringify(from)}`,
      ),
  };
};
