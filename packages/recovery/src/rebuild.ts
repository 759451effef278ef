import type { LiveDatabase } from "./actions.ts";
import { refuseAdopted } from "./adopted.ts";
import { moveAllows, rebuildAllows } from "./engine-gate.ts";
import { RecoveryError, RefusedError } from "./errors.ts";
import type { MoveContext } from "./move.ts";
import { lookAtPair, type PairPicture } from "./pair-picture.ts";
import { refuseOtherProgram } from "./program-change.ts";
import { commitLine, type MoveReport, type MoveRun, type Planned, runMove } from "./run-move.ts";
import { type PlannedStep, planSteps } from "./run-steps.ts";
import { sidesOf } from "./side.ts";
import type { Flag } from "./stack-file.ts";
import { catchUpStep } from "./steps/catch-up.ts";
import { type EventNotes, enableEventsStep } from "./steps/enable-events.ts";
import { fenceStaleStep } from "./steps/fence.ts";
import { joinSecretStep } from "./steps/join-secret.ts";
import { listDivergedStep } from "./steps/list-diverged.ts";
import { isSwitched } from "./steps/publish-name.ts";
import { setFlagsStep } from "./steps/set-flags.ts";
import { expectNoChangesStep, type InLine, updateStackStep } from "./steps/update-stack.ts";

export interface RebuildOptions {
  /** Turns the events on that replication had disabled in the database that takes writes. */
  readonly enableEvents?: boolean;
}

/**
 * Makes the Region that is not active a standby again: the writes that only its old database has are listed, its next database is
 * built as a replica and catches up, the secret's copies are joined. It takes hours and harms nothing; the old database is kept.
 *
 * @throws RefusedError before anything is changed.
 */
export const rebuild = (
  context: MoveContext,
  options: RebuildOptions,
  run: MoveRun,
): Promise<MoveReport> =>
  runMove("rebuild", context, run, async (signal) => {
    const picture = await lookBefore(context, signal);
    const { standby, writer, stale, replica } = picture;
    run.conversation.say(
      replica
        ? `${standby.region} has ${replica.identifier}, a replica of ${writer.identifier} in ${writer.region}: what is left is done.`
        : `${standby.region} gets a replica of ${writer.identifier} in ${writer.region}${stale ? `; ${stale.identifier} is fenced and kept` : ""}.`,
    );
    return plan(context, picture, options);
  });

export const planRebuild = async (
  context: MoveContext,
  options: RebuildOptions,
  signal: AbortSignal,
): Promise<readonly PlannedStep[]> =>
  planSteps(plan(context, await lookBefore(context, signal), options).steps, context);

/** @throws RefusedError */
async function lookBefore(context: MoveContext, signal: AbortSignal): Promise<PairPicture> {
  refuseAdopted(context.deployment.service, "rebuild", sidesOf(context.deployment));
  const [picture] = await Promise.all([
    lookAtPair(context, signal),
    refuseOtherProgram(context, signal),
  ]);
  await refuse(context, picture, signal);
  return picture;
}

async function refuse(
  context: MoveContext,
  { writer, standby }: PairPicture,
  signal: AbortSignal,
): Promise<void> {
  if (writer.backupRetentionDays < 1)
    throw new RefusedError(
      `${writer.identifier} in ${writer.region} has no automated backups, and RDS makes no replica of such a database.`,
      [],
      [
        `aws rds modify-db-instance --db-instance-identifier ${writer.identifier} --backup-retention-period 7 --apply-immediately --region ${writer.region}`,
      ],
    );
  const secret = await context.actions.secret(standby.region, signal);
  if (!secret && standby.role === "primary")
    throw new RefusedError(
      `There is no secret of ${context.deployment.service} in ${standby.region}: it cannot become a standby.`,
      [],
      ["standby status"],
    );
}

function plan(context: MoveContext, picture: PairPicture, options: RebuildOptions): Planned {
  const { active, standby, writer, stale, replica, former } = picture;
  const events: EventNotes = { disabled: [], enabled: [] };
  const flags: Readonly<Partial<Record<Flag, string>>> = {
    replicateFrom: writer.arn,
    fenced: "false",
    ...(standby.role === "recovery" ? { failover: "false", acceptDataLoss: "" } : {}),
  };
  const inLine: InLine = new Set();
  const isFirst = !replica && !stale;
  // Both Regions answer: nothing that the metric says leads the name back to the old source from here on.
  const pins = active.role === "recovery" && isSwitched(context.deployment);
  return {
    steps: [
      ...(stale ? [fenceStaleStep(stale), listDivergedStep(stale, writer)] : []),
      // Without any database of the past the stack makes its first one by itself.
      ...(isFirst && standby.role === "recovery" ? [] : [setFlagsStep({ [standby.stack]: flags })]),
      updateStackStep({
        id: "build-replica",
        title: `Build the next database of ${standby.region}`,
        stack: standby.stack,
        allowed: rebuildAllows,
        deadlineSeconds: context.deadlines.build,
        outputsSay: ({ database }) => replica !== undefined && namesIt(database, replica),
      }),
      // Before anything asks the replica: it has the passwords of the active Region, which may have been rotated there.
      joinSecretStep(),
      catchUpStep((around, signal) => replicaOf(writer, standby.region, around, signal), writer, {
        id: "catch-up",
        deadlineSeconds: context.deadlines.build,
      }),
      ...(pins ? [setFlagsStep({ [active.stack]: { pinned: "true" } })] : []),
      updateStackStep({
        id: "settle-active",
        title: `Bring ${active.stack} in line`,
        stack: active.stack,
        allowed: moveAllows,
        beside: standby.stack,
        inLine,
      }),
      enableEventsStep(writer, options.enableEvents === true, events),
      expectNoChangesStep([standby.stack], inLine),
    ],
    facts: { former: former.map(({ identifier, region }) => `${identifier} in ${region}`), events },
    activeRegion: active.region,
    next: [
      commitLine(`Rebuild ${standby.region}`, [standby.stack]),
      ...former.flatMap(deletionLines),
      ...(active.role === "recovery" ? [`standby switchover   (home to ${standby.region})`] : []),
    ],
  };
}

const namesIt = (database: unknown, { identifier }: LiveDatabase): boolean =>
  typeof database === "object" &&
  database !== null &&
  Reflect.get(database, "identifier") === identifier;

async function replicaOf(
  { arn, identifier, region: writerRegion }: LiveDatabase,
  region: string,
  { actions }: MoveContext,
  signal: AbortSignal,
): Promise<LiveDatabase> {
  const replica = (await actions.databases(region, signal)).findLast(
    ({ sourceArn }) => sourceArn === arn,
  );
  if (replica) return replica;
  throw new RecoveryError(
    `There is no replica of ${identifier} in ${writerRegion} in ${region}, although the update that makes it succeeded.`,
    [`aws rds describe-db-instances --region ${region}`],
  );
}

/** Nothing of Standby deletes a database: whoever needs nothing of it any more types this. */
const deletionLines = ({ identifier, region }: LiveDatabase): readonly string[] => [
  `to delete the old database, when its writes are dealt with: aws rds modify-db-instance --db-instance-identifier ${identifier} --no-deletion-protection --apply-immediately --region ${region}`,
  `  and: aws rds delete-db-instance --db-instance-identifier ${identifier} --final-db-snapshot-identifier ${identifier}-final --region ${region}, then pulumi up --refresh on its stack`,
];
