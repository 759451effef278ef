import type { MoveEnd } from "../standby.ts";
import type { CycleStage } from "./cycle.ts";
import { primaryStack, recoveryStack } from "./deploy.ts";

const bothStacks = [primaryStack, recoveryStack] as const;

/**
 * At a border of two phases the stacks have nothing left to do. A rebuild and a switchover end with that look themselves, and fail when
 * it finds something; asked for `previews`, the drill looks once more, and at both stacks.
 */
export async function expectNothingLeft(
  stage: CycleStage,
  end: MoveEnd,
  settled: readonly string[],
): Promise<void> {
  if (stage.previews) return await previewNothingLeft(stage, bothStacks);
  if (end.steps.some(({ id }) => id === "settled"))
    stage.notes.repeated.push(...settled.map((stack) => ({ stack, changed: false })));
}

/** The same by previews, side by side. */
export async function previewNothingLeft(
  { pulumi, notes }: CycleStage,
  stacks: readonly string[],
): Promise<void> {
  notes.repeated.push(
    ...(await Promise.all(
      stacks.map(async (stack) => ({ stack, changed: await pulumi.previewShowsChanges(stack) })),
    )),
  );
}
