import { pause } from "../deadline.ts";
import { previewNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { currentDatabases, recoveryStack } from "./deploy.ts";
import { untilHealthy } from "./load.ts";
import { firstWriteOf } from "./takeover.ts";

/** The lost Region is back, with the database that it had: clients use both Regions' applications again. */
export async function restoreRegion(stage: CycleStage): Promise<void> {
  const { act, cloud, evidence, notes, load, clients, signal } = stage;
  const { primaryRegion: region } = evidence;
  await act(`${region} returns`, async () => {
    await cloud.restore(region);
    cloud.restoreRoute53ControlPlane();
    const [fault] = notes.faults;
    if (fault) notes.faults[0] = { ...fault, endedAt: Date.now() };
    await untilHealthy(clients.primary, signal);
    load.use([clients.recovery, clients.primary]);
  });
}

/** As the first time, in the middle of the load. */
export async function loseAgain({ act, cloud, evidence, notes, load, clients }: CycleStage) {
  const { primaryRegion: region, lossMode: mode } = evidence;
  await act(`${region} is lost again (${mode})`, async () => {
    notes.faults.push({ region, mode, startedAt: Date.now() });
    if (evidence.route53IsDown) cloud.loseRoute53ControlPlane("5xx");
    await cloud.lose(region, mode);
    load.use([clients.recovery]);
  });
}

export async function failOverAgain(stage: CycleStage): Promise<void> {
  const { act, evidence, notes, pacing, signal, standby } = stage;
  const { primaryRegion: from, recoveryRegion: to } = evidence;
  await act(`standby failover: ${to} takes writes again`, async () => {
    const { primary: source, recovery: target } = await currentDatabases(stage);
    const [startedAt = Date.now()] = notes.faults.slice(-1).map((fault) => fault.startedAt);
    await standby.failover();
    await firstWriteOf(stage, `${target} in ${to}`);
    notes.moves.push({
      kind: "failover",
      from,
      to,
      source,
      target,
      startedAt,
      endedAt: Date.now(),
    });
    await pause(pacing.afterSeconds * 1000, signal);
    await previewNothingLeft(stage, [recoveryStack]);
  });
}
