import { cycle } from "./acts/cycle.ts";
import { deploy, repeatUps } from "./acts/deploy.ts";
import { carryOn, failOver, loseRegion, repeatFailover } from "./acts/fail-over.ts";
import { applyLoad, connectClients } from "./acts/load.ts";
import { previewFailover } from "./acts/preview-failover.ts";
import { verify } from "./acts/verify.ts";
import type { Stage } from "./stage.ts";

/** The story of the drill. Each act adds what it saw to the stage's evidence; the report judges it. */
export async function drill(stage: Stage): Promise<void> {
  await deploy(stage);
  await repeatUps(stage);
  await previewFailover(stage);

  const clients = await connectClients(stage);
  const load = await applyLoad(stage, clients);

  await loseRegion(stage, load, clients);
  await failOver(stage);
  await carryOn(stage, load);

  await verify(stage, clients.recovery);
  await repeatFailover(stage);
  if (stage.course === "cycle") await cycle(stage, clients);
}
