import type { CycleStage } from "./cycle.ts";
import { primaryStack, recoveryStack } from "./deploy.ts";

/** At a border of two phases both stacks have nothing left to do. */
export async function expectNothingLeft(
  { pulumi, notes }: CycleStage,
  stacks: readonly string[] = [primaryStack, recoveryStack],
): Promise<void> {
  notes.repeated.push(
    ...(await Promise.all(
      stacks.map(async (stack) => ({ stack, changed: await pulumi.previewShowsChanges(stack) })),
    )),
  );
}
