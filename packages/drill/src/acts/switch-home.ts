import { pause } from "../deadline.ts";
import { expectNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { currentDatabases, primaryStack, recoveryStack } from "./deploy.ts";
import { firstWriteOf } from "./takeover.ts";

/** Both Regions are healthy: the writes go back, and none of them is lost. */
export async function switchHome(stage: CycleStage): Promise<void> {
  const { act, evidence, notes, load, clients, pacing, signal, standby } = stage;
  const { primaryRegion: to, recoveryRegion: from } = evidence;
  await act(`standby switchover: the writes go back to ${to}`, async (say) => {
    const { primary: target, recovery: source } = await currentDatabases(stage);
    const startedAt = Date.now();
    const end = await standby.switchover();
    load.use([clients.primary, clients.recovery]);
    await firstWriteOf(stage, `${target} in ${to}`);
    notes.moves.push({
      kind: "switchover",
      from,
      to,
      source,
      target,
      startedAt,
      endedAt: Date.now(),
    });
    await pause(pacing.afterSeconds * 1000, signal);
    await expectNothingLeft(stage, end, [primaryStack, recoveryStack]);
    const { writePauseSeconds } = end.facts;
    if (typeof writePauseSeconds === "number")
      say(`writes were refused for at most ${writePauseSeconds.toFixed(1)} s`);
  });
}
