import { expectNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { primaryStack, recoveryStack } from "./deploy.ts";

/** The older database is fenced and kept; the next one is a replica of the other Region's. */
const rebuild = async (stage: CycleStage, region: string, stack: string): Promise<void> => {
  const { act, standby } = stage;
  await act(`standby rebuild: ${region} is a standby again`, async (say) => {
    const end = await standby.rebuild();
    await expectNothingLeft(stage, end, [stack]);
    say(`${end.activeRegion} takes the writes; the older database is kept, and refuses them`);
  });
};

export const rebuildPrimary = (stage: CycleStage): Promise<void> =>
  rebuild(stage, stage.evidence.primaryRegion, primaryStack);

export const rebuildRecovery = (stage: CycleStage): Promise<void> =>
  rebuild(stage, stage.evidence.recoveryRegion, recoveryStack);
