import { expectNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { primaryStack, recoveryStack } from "./deploy.ts";
import { endRotating, leaveRotationToPrimary } from "./rotation.ts";

/** The older database is fenced and kept; the next one is a replica of the other Region's. */
const rebuild = async (stage: CycleStage, region: string, stack: string): Promise<void> => {
  const { act, standby } = stage;
  await act(`standby rebuild: ${region} is a standby again`, async (say) => {
    const end = await standby.rebuild();
    await expectNothingLeft(stage, end, [stack]);
    say(`${end.activeRegion} takes the writes; the older database is kept, and refuses them`);
  });
};

/** A rotation that is half done keeps the copies of the secret apart: the last one ends before. */
export async function rebuildPrimary(stage: CycleStage): Promise<void> {
  const { rotates, evidence } = stage;
  if (rotates) await endRotating(stage, evidence.recoveryRegion);
  await rebuild(stage, evidence.primaryRegion, primaryStack);
  if (rotates) await leaveRotationToPrimary(stage);
}

export const rebuildRecovery = (stage: CycleStage): Promise<void> =>
  rebuild(stage, stage.evidence.recoveryRegion, recoveryStack);
