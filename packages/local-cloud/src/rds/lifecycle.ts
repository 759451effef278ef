import type { DatabaseServer } from "../data-planes.ts";
import type { RdsContext } from "./context.ts";
import { invalidInstanceState } from "./errors.ts";
import type { DatabaseInstance } from "./instance.ts";

/** RDS takes one change at a time. Throws `InvalidDBInstanceState`. */
export function requireAvailable(instance: DatabaseInstance): void {
  if (instance.status !== "available")
    throw invalidInstanceState(
      `Database instance ${instance.identifier} is not in available state (it is ${instance.status}).`,
    );
}

/** Throws `InvalidDBInstanceState` for an instance whose server is not up. */
export function serverOf(instance: DatabaseInstance): DatabaseServer {
  if (!instance.server)
    throw invalidInstanceState(`Database instance ${instance.identifier} has no running server.`);
  return instance.server;
}

/**
 * Puts an instance into a status and back to `available` when the work is done, or to `failed`. The work waits while the
 * instance's Region is lost.
 */
export function transition(
  { background }: RdsContext,
  instance: DatabaseInstance,
  status: string,
  work: () => Promise<void>,
): void {
  instance.status = status;
  background.start(async () => {
    try {
      await background.untilReachable(instance.region);
      await work();
      await background.untilReachable(instance.region);
      instance.status = "available";
    } catch (error) {
      instance.status = "failed";
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`RDS instance ${instance.identifier} failed while ${status}: ${reason}`, {
        cause: error,
      });
    }
  });
}
