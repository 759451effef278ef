import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Allowed, passGate } from "./engine-gate.ts";
import type { MoveContext } from "./move.ts";
import { type Flag, setFlagsIn, stackFile } from "./stack-file.ts";

/**
 * Looks at what the update after the move would do, before anything is moved: a program that is out of line is found while nothing has
 * happened yet. The stack's own file stays as it is.
 *
 * @throws RefusedError when the update would do more than the move; EngineError when the program itself refuses.
 */
export async function passGateAhead(
  { engine, projectFolder }: Pick<MoveContext, "engine" | "projectFolder">,
  stack: string,
  flags: Readonly<Partial<Record<Flag, string>>>,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "standby-preview-"));
  try {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    await copyFile(stackFile(projectFolder, stack), file);
    await setFlagsIn(file, stack, flags);
    passGate(stack, await engine.preview(stack, signal, file), allowed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
