import { promotionRequested, promotionTag } from "@standby/topology";
import type { LiveDatabase } from "../actions.ts";
import { errorName } from "../error-name.ts";
import { RecoveryError } from "../errors.ts";
import { databaseNamed, isWriter, type MoveContext } from "../move.ts";
import type { Step } from "../step.ts";
import { until } from "../until.ts";

/**
 * Promotes a replica by RDS's own API, whoever declared it. It is one-way. The tag goes first: it is what lets a promotion that was
 * killed half way tell itself from one that somebody else made.
 */
export const promoteStep = (replica: LiveDatabase): Step<MoveContext> => ({
  id: "promote",
  title: `Promote ${replica.identifier} in ${replica.region}`,
  byHand: () => [
    `aws rds add-tags-to-resource --resource-name ${replica.arn} --tags Key=${promotionTag},Value=${promotionRequested} --region ${replica.region}`,
    `aws rds promote-read-replica --db-instance-identifier ${replica.identifier} --backup-retention-period ${retention(replica)} --region ${replica.region}`,
    `aws rds wait db-instance-available --db-instance-identifier ${replica.identifier} --region ${replica.region}`,
  ],
  isDone: async (context, signal) => isWriter(await databaseNamed(context, replica, signal)),
  async run(context, report, signal) {
    let said = "";
    await until(
      {
        ...context,
        signal,
        what: `${replica.identifier} to be promoted and available`,
        deadlineSeconds: context.deadlines.promotion,
        intervalSeconds: context.deadlines.poll,
        next: [
          `aws rds describe-events --source-type db-instance --source-identifier ${replica.identifier} --region ${replica.region}`,
          "then the same command again: it goes on here",
        ],
      },
      async () => {
        const database = await databaseNamed(context, replica, signal);
        if (isWriter(database)) return true;
        if (isBroken(database)) throw broken(database);
        if (database.sourceArn !== undefined && database.status === "available")
          await askFor(database, context, report, signal);
        else if (said !== database.status) {
          said = database.status;
          report(`AWS: ${database.identifier} is ${said}; waiting for RDS.`);
        }
        return undefined;
      },
    );
  },
});

/** Left out, RDS sets it to a day; nothing, and the new writer has no backups and can have no replica. */
const retention = ({ backupRetentionDays }: LiveDatabase): number =>
  Math.max(1, backupRetentionDays);

async function askFor(
  database: LiveDatabase,
  { actions }: MoveContext,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (!database.promotionRequested) await actions.tagPromotion(database, signal);
  try {
    await actions.promote(database, signal);
    report(`RDS promotes ${database.identifier}.`);
  } catch (error) {
    // A backup or a change has just begun: RDS takes one thing at a time, and the next look tries again.
    if (errorName(error) !== "InvalidDBInstanceState" && errorName(error) !== invalidState)
      throw error;
    report(`RDS is busy with ${database.identifier}: trying again.`);
  }
}

const invalidState = "InvalidDBInstanceStateFault";

const isBroken = ({ status }: LiveDatabase): boolean =>
  /^(failed|deleting|stopped|stopping|incompatible-.*|inaccessible-encryption-credentials.*)$/.test(
    status,
  );

const broken = ({ identifier, region, status }: LiveDatabase): RecoveryError =>
  new RecoveryError(`${identifier} in ${region} is ${status}: RDS cannot promote it.`, [
    `aws rds describe-events --source-type db-instance --source-identifier ${identifier} --region ${region}`,
  ]);
