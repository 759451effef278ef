import type { Transition } from "./explore.ts";
import { deployed, keyOf, type Operation, type Situation } from "./model.ts";

/** The operations that start the engine. */
export const engineOperations: readonly Operation[] = [
  "up prod-west",
  "refresh prod-west",
  "up prod-east",
];

const nameOf = ({ from, operation }: Transition): string => `${operation} in ${keyOf(from)}`;
const startsEngine = ({ operation }: Transition): boolean => engineOperations.includes(operation);

/** The way from a situation to the nearest step of the engine that was not made yet; it starts the engine as seldom as possible. */
function wayToNew(
  from: Situation,
  transitions: readonly Transition[],
  made: ReadonlySet<string>,
  wanted: readonly Operation[],
): readonly Transition[] | undefined {
  const seen = new Set([keyOf(from)]);
  let ways: { readonly at: string; readonly way: readonly Transition[] }[] = [
    { at: keyOf(from), way: [] },
  ];
  while (ways.length > 0) {
    const next: typeof ways = [];
    for (const { at, way } of ways)
      for (const transition of transitions.filter((each) => keyOf(each.from) === at)) {
        if (wanted.includes(transition.operation) && !made.has(nameOf(transition)))
          return [...way, transition];
        const to = keyOf(transition.to);
        if (seen.has(to)) continue;
        seen.add(to);
        next.push({ at: to, way: [...way, transition] });
      }
    ways = next;
  }
  return undefined;
}

/**
 * Walks through the situations, each from a pair that was just deployed, which together make every step of the engine that they can
 * within the given number: updates of the recovery stack first, since they are what the flags are about.
 */
export function planWalks(
  transitions: readonly Transition[],
  engineSteps: number,
): { readonly walks: readonly (readonly Transition[])[]; readonly covered: number } {
  const made = new Set<string>();
  const walks: Transition[][] = [];
  let left = engineSteps;
  for (const wanted of [engineOperations.slice(0, 1), engineOperations]) {
    let walk: Transition[] | undefined;
    while (left > 0) {
      const at = walk?.at(-1)?.to ?? deployed;
      const way = wayToNew(at, transitions, made, wanted);
      if (!way && !walk) break;
      if (!way) {
        walk = undefined;
        continue;
      }
      if (!walk) {
        walk = [];
        walks.push(walk);
      }
      walk.push(...way);
      for (const transition of way.filter(startsEngine)) {
        made.add(nameOf(transition));
        left -= 1;
      }
    }
  }
  return { walks, covered: made.size };
}
