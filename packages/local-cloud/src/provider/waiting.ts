import { setTimeout as delay } from "node:timers/promises";
import type { Waiter } from "../dials.ts";
import { AwsCallError } from "./aws-call-error.ts";
import type { Scope } from "./resource-handler.ts";

/** As Go prints durations: `50m0s`. */
const goDuration = (seconds: number): string => {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
};

const pause = async (seconds: number, signal: AbortSignal): Promise<void> => {
  try {
    await delay(seconds * 1000, undefined, { signal });
  } catch (error) {
    throw new Error("context canceled", { cause: error });
  }
};

export interface StateWait {
  /** Undefined: the thing does not exist. */
  readonly look: () => Promise<string | undefined>;
  /** `undefined` among them: wait until it is gone. */
  readonly targets: readonly (string | undefined)[];
  /** Any other state fails at once. Undefined: every other state may still pass. */
  readonly pending?: readonly string[];
  readonly waiter: Waiter;
  /** Default: what is left of the operation's time. */
  readonly timeoutSeconds?: number;
}

const targetNames = (targets: StateWait["targets"]): string =>
  targets.filter((target) => target !== undefined).join(", ");

/** Looks until the state is a target's, as often in a row as the waiter asks for. */
export const untilState = async (wait: StateWait, scope: Scope): Promise<void> => {
  const { targets, pending, waiter, timeoutSeconds } = wait;
  const wanted = targetNames(targets);
  const deadline =
    timeoutSeconds === undefined ? scope.deadline : Date.now() + timeoutSeconds * 1000;
  let inARow = 0;
  let last: string | undefined;
  await pause(waiter.firstSeconds, scope.signal);
  while (Date.now() < deadline) {
    scope.signal.throwIfAborted();
    last = await wait.look();
    if (targets.includes(last)) {
      inARow += 1;
      if (inARow >= waiter.consecutive) return;
    } else {
      inARow = 0;
      if (pending && last !== undefined && !pending.includes(last)) {
        throw new Error(`unexpected state '${last}', wanted target '${wanted}'`);
      }
      if (pending && last === undefined) throw new Error("couldn't find resource");
    }
    await pause(waiter.intervalSeconds, scope.signal);
  }
  throw new Error(
    `timeout while waiting for state to become '${wanted}' (last state: '${last ?? ""}', timeout: ${goDuration(timeoutSeconds ?? scope.timeoutSeconds)})`,
  );
};

/** How long the provider goes on with what eventual consistency may still mend. */
export const propagationSeconds = 120;

/** Repeats a call that AWS refuses for a reason that passes. */
export const retrying = async <Result>(
  call: () => Promise<Result>,
  passes: (error: AwsCallError) => boolean,
  scope: Scope,
  limitSeconds = propagationSeconds,
): Promise<Result> => {
  const deadline = Math.min(Date.now() + limitSeconds * 1000, scope.deadline);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AwsCallError) || !passes(error) || Date.now() >= deadline) throw error;
    }
    await pause(scope.dials.clock === "fast" ? 0.2 : 2, scope.signal);
  }
};
