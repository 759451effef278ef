import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAdopted } from "./adopted.ts";
import { type Allowed, forbidden, passGate } from "./engine-gate.ts";
import type { MoveContext } from "./move.ts";
import { refuseOtherProgram } from "./program-change.ts";
import { settleCreations } from "./settle-creations.ts";
import { type Flag, setFlagsIn, stackFile } from "./stack-file.ts";

/**
 * Looks at what the update after the move would do, before anything is moved: a program that is out of line is found while nothing has
 * happened yet. The stack's own file stays as it is. What may be lost is decided by the command, on what is live, and not here.
 * Returns false when there is nothing to look at: a database that the program does not own is promoted by hand as far as it knows,
 * and it takes the flag only afterwards.
 *
 * @throws RefusedError when the update would do more than the move; EngineError when the program itself refuses.
 */
export async function passGateAhead(
  context: MoveContext,
  stack: string,
  flags: Readonly<Partial<Record<Flag, string>>>,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<boolean> {
  const { engine, projectFolder, deployment, deadlines } = context;
  const { service, recovery } = deployment;
  if (isAdopted(service, recovery.database)) return false;
  const { identifier } = recovery.database;
  const folder = await mkdtemp(join(tmpdir(), "standby-preview-"));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await copyFile(stackFile(projectFolder, stack), file);
    const accepted = flags.failover === "true" ? { acceptDataLoss: identifier } : {};
    await setFlagsIn(file, stack, { ...flags, ...accepted });
    let planned = await engine.preview(stack, signal, file);
    // What a killed engine had begun to create would be planned again. It is asked for only when the gate is shut: it takes a second.
    const isShut = forbidden(planned, allowed).length > 0;
    if (isShut && (await settleCreations(stack, deadlines.update, context, () => {}, signal)))
      planned = await engine.preview(stack, signal, file);
    passGate(stack, planned, allowed);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same for the program that is deployed: that the checkout holds another one explains more than what its preview would show. */
export async function passGateOfSameProgram(
  context: MoveContext,
  stack: string,
  flags: Readonly<Partial<Record<Flag, string>>>,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<boolean> {
  const program = refuseOtherProgram(context, signal);
  const gate = passGateAhead(context, stack, flags, allowed, signal);
  const [ofProgram, ofGate] = await Promise.allSettled([program, gate]);
  if (ofProgram.status === "rejected") throw ofProgram.reason;
  if (ofGate.status === "rejected") throw ofGate.reason;
  return ofGate.value;
}
