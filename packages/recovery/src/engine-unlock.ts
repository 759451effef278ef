import { hostname } from "node:os";
import type { Clock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import { type EngineLock, EngineLockedError } from "./engine-errors.ts";
import { RecoveryError, RefusedError } from "./errors.ts";
import { isGone } from "./owner.ts";

export interface Unlocking {
  readonly engine: Engine;
  readonly stack: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Asked before the lock of an update that is known to be dead is removed. */
  readonly mayCancel: (stack: string, lock: EngineLock) => Promise<boolean>;
  readonly report: (line: string) => void;
  readonly isGone?: (owner: { readonly host: string; readonly pid: number }) => boolean;
}

const intervalMilliseconds = 500;
const patienceSeconds = 600;

/**
 * Does the work when the stack is free. An update of this machine that still runs is waited for: after `kill -9` of a command its
 * engine goes on. One that is dead has its lock removed; `pulumi cancel` would remove a live one's just as well, so nothing is
 * assumed of another machine's.
 *
 * @throws RefusedError while somebody else's update may be under way.
 */
export async function whenUnlocked<Result>(
  work: () => Promise<Result>,
  unlocking: Unlocking,
): Promise<Result> {
  const { stack, clock, signal, report } = unlocking;
  const deadline = clock.now() + patienceSeconds * 1000;
  let waiting = false;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EngineLockedError)) throw error;
      if (await isRunning(error.lock, unlocking)) {
        if (!waiting) report(`${stack} is being updated by ${error.lock.owner}: waiting for it.`);
        waiting = true;
        if (clock.now() > deadline)
          throw new RecoveryError(
            `${stack} was still being updated by ${error.lock.owner} after ${patienceSeconds} s.`,
            [`kill -INT ${error.lock.pid}`, "then the same command again"],
          );
        await clock.sleep(intervalMilliseconds, signal);
      } else report(`Removed the lock that ${error.lock.owner} left on ${stack}.`);
    }
  }
}

/** True: wait. False: its lock was removed. */
async function isRunning(
  lock: EngineLock,
  { engine, stack, signal, mayCancel, isGone: gone = isGone }: Unlocking,
): Promise<boolean> {
  const { host, pid, owner, since } = lock;
  const known = host !== undefined && pid !== undefined && { host, pid };
  if (!known || !isHere(known.host))
    throw new RefusedError(
      `${stack} is locked by ${owner}${since === undefined ? "" : ` since ${since}`}; from here nobody can see whether that update still runs.`,
      [],
      [`pulumi cancel -s ${stack}   (only when you know that it is dead)`],
    );
  if (!gone(known)) return true;
  if (!(await mayCancel(stack, lock)))
    throw new RefusedError(
      `${stack} is locked by ${owner}, which no longer runs.`,
      [],
      [`pulumi cancel -s ${stack}`],
    );
  await engine.cancel(stack, signal);
  return false;
}

const isHere = (host: string): boolean => host === hostname();
