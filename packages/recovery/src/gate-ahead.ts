import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAdopted } from "./adopted.ts";
import { type Allowed, passGate } from "./engine-gate.ts";
import type { MoveContext } from "./move.ts";
import { refuseOtherProgram } from "./program-change.ts";
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
  { engine, projectFolder, deployment }: MoveContext,
  stack: string,
  flags: Readonly<Partial<Record<Flag, string>>>,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<boolean> {
  const { service, recovery } = deployment;
  if (isAdopted(service, recovery.database)) return false;
  const { identifier } = recovery.database;
  const folder = await mkdtemp(join(tmpdir(), "standby-preview-"));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await copyFile(stackFile(projectFolder, stack), file);
    const accepted = flags.failover === "true" ? { acceptDataLoss: identifier } : {};
    await setFlagsIn(file, stack, { ...flags, ...accepted });
    passGate(stack, await engine.preview(stack, signal, file), allowed);
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
