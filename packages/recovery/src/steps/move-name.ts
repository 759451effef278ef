import type { LiveDatabase, LiveRecord } from "../actions.ts";
import { isAdopted } from "../adopted.ts";
import { errorName } from "../error-name.ts";
import { RecoveryError, UnconfirmedError } from "../errors.ts";
import { databaseNamed, isWriter, type MoveContext } from "../move.ts";
import { leadsTo, namesThePair } from "../record-place.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";
import { takesWrites, unfence } from "./fence.ts";
import { isSwitched } from "./publish-name.ts";
import { resolvesTo } from "./verify.ts";

export interface NameMove {
  /** The command to type again. */
  readonly command: string;
  readonly to: LiveDatabase;
  /** What the record was when the command looked; undefined when Route 53 did not say. Only from there it is moved. */
  readonly seen: LiveRecord | undefined;
}

/**
 * Moves the CNAME by Route 53 itself, so that writes go on before the engine has run: its update finds the record where it is to be.
 * The database proves first that it takes writes, asked now and not remembered.
 */
export const moveNameStep = (
  { databaseHostName, zoneId, recordTtlSeconds }: MoveContext["deployment"],
  move: NameMove,
): Step<MoveContext> => ({
  id: "move-name",
  title: `Move ${databaseHostName} to ${move.to.region}`,
  byHand: () => [
    `aws route53 change-resource-record-sets --hosted-zone-id ${zoneId} --change-batch '${JSON.stringify({ Changes: [{ Action: "UPSERT", ResourceRecordSet: { Name: databaseHostName, Type: "CNAME", TTL: recordTtlSeconds, ResourceRecords: [{ Value: move.to.address }] } }] })}'`,
  ],
  isDone: (context, signal) =>
    orUnconfirmed(
      move,
      context,
      signal,
      async () =>
        leadsTo(await context.actions.record(signal), move.to.address) &&
        (await resolvesTo(move.to.region, move.to, context, signal)),
    ),
  run: (context, report, signal) =>
    orUnconfirmed(move, context, signal, () => moveName(move, context, report, signal)),
});

async function moveName(
  { to, seen, command }: NameMove,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { actions, clock, deadlines } = context;
  const address = await provedWriter(to, context, report, signal);
  await until(
    {
      clock,
      signal,
      what: "Route 53 to take the change",
      deadlineSeconds: deadlines.confirmation,
      intervalSeconds: deadlines.poll,
      next: [command],
    },
    async () => {
      const now = await actions.record(signal);
      // An earlier change may be accepted and never reach a resolver: the same once more does no harm.
      if (!leadsTo(now, address)) refuseUnexpected(now, seen, context);
      try {
        await actions.replaceRecord(now, address, signal);
        report(`Route 53 took ${address} in the place of ${now?.value ?? "nothing"}.`);
        return true;
      } catch (error) {
        if (!isPassing(error)) throw error;
        return undefined;
      }
    },
  );
}

/** Another change of the zone is under way, or of this very record: the next look sees what became of it. */
const isPassing = (error: unknown): boolean =>
  ["PriorRequestNotComplete", "Throttling", "ThrottlingException", "InvalidChangeBatch"].includes(
    errorName(error),
  );

async function provedWriter(
  to: LiveDatabase,
  context: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const database = await databaseNamed(context, to, signal);
  const { identifier, region, address, status } = database;
  if (!isWriter(database) || address === undefined)
    throw new RecoveryError(`${identifier} in ${region} is ${status} and not a writer.`);
  if (!(await takesWrites(database, context, signal))) {
    if (isAdopted(context.deployment.service, database))
      throw new RecoveryError(
        `${identifier} in ${region} refuses writes, and was adopted: its parameter group is yours.`,
      );
    report(`${identifier} is fenced: the fence is taken off.`);
    await unfence(database, context, signal);
  }
  report(`${identifier} took a write and read it again.`);
  return address;
}

function refuseUnexpected(
  now: LiveRecord | undefined,
  seen: LiveRecord | undefined,
  { deployment }: MoveContext,
): void {
  const isExpected = seen
    ? now?.value === seen.value
    : now === undefined || namesThePair(now, deployment);
  if (isExpected) return;
  throw new RecoveryError(
    `${deployment.databaseHostName} leads to ${now?.value ?? "nothing"}${seen ? ` and led to ${seen.value} when this command looked` : ""}: somebody else moves it, and it is left alone.`,
    ["standby status"],
  );
}

/** The database is promoted all the same: that is said, and how to go on. */
export async function orUnconfirmed<Result>(
  { to: { region, identifier }, command }: Pick<NameMove, "to" | "command">,
  context: MoveContext,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const database = await databaseNamed(context, { region, identifier }, signal);
    if (!isWriter(database)) throw error;
    const message =
      error instanceof RecoveryError ? error.message : `Route 53: ${errorName(error)}`;
    throw new UnconfirmedError(
      `${identifier} in ${region} is promoted and takes writes; ${context.deployment.databaseHostName} does not name it yet.\n${message}`,
      [
        isSwitched(context.deployment)
          ? `${command}   (goes on here)`
          : `${command}   (goes on here; the record needs Route 53's control plane, which is in us-east-1: a pair with dnsSwitch health-check needs none)`,
        ...(error instanceof RecoveryError ? error.next : []),
      ],
      { cause: error },
    );
  }
}
