import { pause } from "../deadline.ts";
import { previewNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { currentDatabases, recoveryStack } from "./deploy.ts";
import { untilHealthy } from "./load.ts";
import { rotateIn, rotateInRecovery, stopRotating } from "./rotation.ts";
import { firstWriteOf } from "./takeover.ts";

/**
 * The lost Region is back, with the database that it had: clients use both Regions' applications again. Where the password has been
 * rotated meanwhile, they wait for the rebuild: until it joins the copies of the secret, this Region has the old password.
 */
export async function restoreRegion(stage: CycleStage): Promise<void> {
  const { act, cloud, evidence, notes, rotates } = stage;
  const { primaryRegion: region } = evidence;
  await act(`${region} returns`, async () => {
    await cloud.restore(region);
    cloud.restoreRoute53ControlPlane();
    const [fault] = notes.faults;
    if (fault) notes.faults[0] = { ...fault, endedAt: Date.now() };
    if (!rotates) await useBothRegions(stage);
  });
  // Asked for from now on: refused while the name leads to the other Region, and done as soon as it leads here.
  if (stage.rotates) await rotateIn(stage, evidence.outputs?.primary);
}

export async function useBothRegions({ clients, load, signal }: CycleStage): Promise<void> {
  await untilHealthy(clients.primary, signal);
  load.use([clients.recovery, clients.primary]);
}

/** As the first time, in the middle of the load. */
export async function loseAgain(stage: CycleStage): Promise<void> {
  const { act, cloud, evidence, notes, load, clients } = stage;
  const { primaryRegion: region, lossMode: mode } = evidence;
  await act(`${region} is lost again (${mode})`, async () => {
    notes.faults.push({ region, mode, startedAt: Date.now() });
    if (evidence.route53IsDown) cloud.loseRoute53ControlPlane("5xx");
    await cloud.lose(region, mode);
    load.use([clients.recovery]);
  });
  if (stage.rotates) await stopRotating(stage, region);
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
  if (!stage.rotates) return;
  await rotateInRecovery(stage);
  await pause(pacing.afterSeconds * 1000, signal);
}
