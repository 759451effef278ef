import { cycle } from "./acts/cycle.ts";
import { deploy, repeatUps } from "./acts/deploy.ts";
import { carryOn, failOver, loseRegion, repeatFailover } from "./acts/fail-over.ts";
import { applyLoad, connectClients } from "./acts/load.ts";
import { previewFailover } from "./acts/preview-failover.ts";
import {
  bootstrapRotation,
  configureRotation,
  rotateIn,
  rotateInRecovery,
  stopRotating,
  untilRotated,
} from "./acts/rotation.ts";
import { verify } from "./acts/verify.ts";
import type { Stage } from "./stage.ts";

/** The story of the drill. Each act adds what it saw to the stage's evidence; the report judges it. */
export async function drill(stage: Stage): Promise<void> {
  const { rotates, evidence } = stage;
  if (rotates) await configureRotation(stage);
  await deploy(stage, rotates ? () => bootstrapRotation(stage) : undefined);
  await repeatUps(stage);
  await previewFailover(stage);

  const clients = await connectClients(stage);
  if (rotates) await rotateIn(stage, evidence.outputs?.primary);
  const load = await applyLoad(stage, clients);
  if (rotates) await untilRotated(stage, evidence.primaryRegion);

  await loseRegion(stage, load, clients);
  // Whoever asked for rotations is lost with the Region.
  if (rotates) await stopRotating(stage, evidence.primaryRegion);
  await failOver(stage);
  if (rotates) await rotateInRecovery(stage);
  await carryOn(stage, load);

  await verify(stage, clients.recovery);
  await repeatFailover(stage);
  if (stage.course === "cycle") await cycle(stage, clients);
}
