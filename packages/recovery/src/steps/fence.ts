import type { LiveDatabase, WriteAccess } from "../actions.ts";
import { RecoveryError } from "../errors.ts";
import { isLockedOut, LockedOutError } from "../locked-out.ts";
import { databaseNamed, type MoveContext } from "../move.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";

/**
 * Makes a database refuse every write. It holds when the parameter is in sync *and* a write was seen to be refused: RDS answers before
 * the parameter is applied, and applying it waits for open transactions.
 */
export const fenceStep = (database: LiveDatabase): Step<MoveContext> => fencing(database, isFenced);

/**
 * The same of a database that is no source any more. When its password is of the past, no write can be tried, and nobody who has the
 * secret can make one: the parameter in sync is enough.
 */
export const fenceStaleStep = (database: LiveDatabase): Step<MoveContext> =>
  fencing(database, async (...asked) => {
    try {
      return await isFenced(...asked);
    } catch (error) {
      // It is thrown only where the parameter is in sync.
      if (error instanceof LockedOutError) return true;
      throw error;
    }
  });

const fencing = (database: LiveDatabase, holds: typeof isFenced): Step<MoveContext> => ({
  id: "fence-source",
  title: `Fence ${database.identifier} in ${database.region}`,
  byHand: () => byHand(database, "1"),
  isDone: (context, signal) => holds(database, context, signal),
  async run(context, report, signal) {
    await context.actions.setWriteAccess(database, "1", signal);
    await until(
      {
        ...context,
        signal,
        what: `${database.identifier} to refuse writes`,
        deadlineSeconds: context.deadlines.fence,
        intervalSeconds: context.deadlines.poll,
        next: [
          "look for a transaction that was left open: read_only waits for it",
          ...byHand(database, "{TrueIfReplica}").map((line) => `${line}   (takes the fence off)`),
        ],
      },
      async () => ((await holds(database, context, signal)) ? true : undefined),
    );
    report(`${database.identifier} refuses writes.`);
  },
});

/** Takes a fence off again, when nothing was moved. */
export async function unfence(
  database: LiveDatabase,
  context: MoveContext,
  signal: AbortSignal,
): Promise<void> {
  await context.actions.setWriteAccess(database, "{TrueIfReplica}", signal);
  await until(
    {
      ...context,
      signal,
      what: `${database.identifier} to take writes again`,
      deadlineSeconds: context.deadlines.fence,
      intervalSeconds: context.deadlines.poll,
      next: byHand(database, "{TrueIfReplica}"),
    },
    async () => {
      const { value, inSync } = await context.actions.writeAccess(database, signal);
      return value !== "1" && inSync && (await takesWrites(database, context, signal))
        ? true
        : undefined;
    },
  );
}

export async function isFenced(
  named: LiveDatabase,
  context: MoveContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { value, inSync } = await context.actions.writeAccess(named, signal);
  if (value !== "1" || !inSync) return false;
  const database = await databaseNamed(context, named, signal);
  return !(await takesWrites(database, context, signal));
}

/**
 * Writes the canary row and reads it again.
 *
 * @throws LockedOutError, RecoveryError when the answer is neither a row nor a refusal of a read-only server: nothing may be concluded from that.
 */
export async function takesWrites(
  { identifier, region, address }: LiveDatabase,
  { actions }: Pick<MoveContext, "actions">,
  signal: AbortSignal,
): Promise<boolean> {
  if (address === undefined) return false;
  const reply = await actions.ask(region, { ask: "canary", address }, signal);
  if (reply.ok) return true;
  if (reply.failure.code === "read-only") return false;
  const Refusal = isLockedOut(reply.failure) ? LockedOutError : RecoveryError;
  throw new Refusal(
    `The probe in ${region} could not try a write on ${identifier}: ${reply.failure.message}`,
    ["standby preflight"],
  );
}

const byHand = (
  { parameterGroup, region }: LiveDatabase,
  value: WriteAccess,
): readonly string[] => [
  `aws rds modify-db-parameter-group --db-parameter-group-name ${parameterGroup} --parameters 'ParameterName=read_only,ParameterValue=${value},ApplyMethod=immediate' --region ${region}`,
];
