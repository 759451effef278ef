import type { Actions, LiveDatabase } from "./actions.ts";
import type { Clock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import type { EngineLock } from "./engine-errors.ts";
import { RecoveryError } from "./errors.ts";
import type { Deployment, Seen } from "./observation.ts";
import type { ProgramChange } from "./program-change.ts";

/** Every wait of the moves, in seconds. */
export interface Deadlines {
  /** What the lost Region may answer in, all told: a fence is worth that much of an outage, not more. */
  readonly lostRegion: number;
  /** Until a parameter is in sync and a write is refused; open transactions hold it up. */
  readonly fence: number;
  /** Until the target of a switchover has the source's last transaction. Writes are refused for as long. */
  readonly catchUp: number;
  /** From the promotion to `available`, a backup that is under way before it included. */
  readonly promotion: number;
  /** The update of the stack that moves the name, Route 53's control plane included. */
  readonly update: number;
  /** Copying a database across Regions takes hours. */
  readonly build: number;
  /** Until resolvers and the application have followed. */
  readonly confirmation: number;
  /** Between two looks at what AWS is about. It is waited for while nobody can write, so that half of it is worth more than a call. */
  readonly poll: number;
}

export const defaultDeadlines: Deadlines = {
  lostRegion: 3,
  fence: 60,
  catchUp: 120,
  promotion: 5400,
  update: 300,
  build: 86_400,
  confirmation: 180,
  poll: 0.5,
};

/** What a move acts on and with. */
export interface MoveContext {
  readonly deployment: Deployment;
  readonly projectFolder: string;
  readonly actions: Actions;
  readonly engine: Engine;
  /** Whether a move's update would run another program than the deployed one. */
  readonly programChange: (signal: AbortSignal) => Promise<Seen<ProgramChange>>;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Asked before the lock of an update that is known to be dead is removed. */
  readonly mayCancel: (stack: string, lock: EngineLock) => Promise<boolean>;
}

/** @throws RecoveryError when it is gone */
export async function databaseNamed(
  { actions }: Pick<MoveContext, "actions">,
  { region, identifier }: Pick<LiveDatabase, "region" | "identifier">,
  signal: AbortSignal,
): Promise<LiveDatabase> {
  const found = (await actions.databases(region, signal)).find(
    (database) => database.identifier === identifier,
  );
  if (found) return found;
  throw new RecoveryError(`The database ${identifier} no longer exists in ${region}.`, [
    `aws rds describe-db-instances --region ${region}`,
  ]);
}

export const isWriter = ({ sourceArn, status }: LiveDatabase): boolean =>
  sourceArn === undefined && status === "available";
