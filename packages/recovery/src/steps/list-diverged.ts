import type { DivergedWritesAnswer } from "@standby/topology";
import type { LiveDatabase } from "../actions.ts";
import { divergedPath, readDiverged, writeDiverged } from "../diverged-file.ts";
import { RecoveryError } from "../errors.ts";
import { insideOf } from "../inside.ts";
import { LockedOutError } from "../locked-out.ts";
import type { MoveContext } from "../move.ts";
import type { Step } from "../step.ts";

const maximumRows = 10_000;

/**
 * Lists what the stale source accepted and the writer lacks, from its binary log, into a file: whoever knows the application decides
 * what of it is entered again. The file is written before anything is built, because binary logs are deleted after a time.
 */
export const listDivergedStep = (stale: LiveDatabase, writer: LiveDatabase): Step<MoveContext> => ({
  id: "list-diverged",
  title: `List the writes that only ${stale.identifier} in ${stale.region} has`,
  byHand: () => [
    `mysqlbinlog --read-from-remote-server --host ${stale.address ?? stale.identifier} --exclude-gtids '<gtid_executed of ${writer.identifier} in ${writer.region}>' --verbose --base64-output=decode-rows <its binary logs>   (inside the VPC)`,
  ],
  async isDone(context, signal) {
    const file = await readDiverged(divergedPath(context.projectFolder, stale));
    if (!file) return false;
    const here = await insideOfStale(stale, context, signal);
    // Listed before its password became one of the past, and fenced since.
    return here === undefined || file.transactions === here.transactions;
  },
  async run(context, report, signal) {
    const here = await insideOfStale(stale, context, signal);
    if (here === undefined) {
      for (const line of lockedOutLines(stale)) report(line);
      return;
    }
    const there = await insideOf(writer, context, signal);
    const reply = await context.actions.ask(
      stale.region,
      {
        ask: "diverged-writes",
        address: stale.address ?? "",
        known: there.transactions,
        maximumRows,
      },
      signal,
    );
    if (!reply.ok)
      throw new RecoveryError(
        `The probe in ${stale.region} could not read the binary log of ${stale.identifier}: ${reply.failure.message}`,
        ["standby rebuild   (again)"],
      );
    const path = divergedPath(context.projectFolder, stale);
    await writeDiverged(path, {
      schema: "standby.diverged/1",
      at: new Date(context.clock.now()).toISOString(),
      database: stale.identifier,
      region: stale.region,
      transactions: here.transactions,
      ...reply.answer,
    });
    for (const line of divergedLines(stale.identifier, path, reply.answer)) report(line);
  },
});

/** Undefined: it was fenced before the password was rotated, and cannot be asked any more. */
async function insideOfStale(stale: LiveDatabase, context: MoveContext, signal: AbortSignal) {
  try {
    return await insideOf(stale, context, signal);
  } catch (error) {
    if (error instanceof LockedOutError) return undefined;
    throw error;
  }
}

/** The database is kept, so that nothing is lost by going on; that its writes were not looked at must not be overlooked. */
const lockedOutLines = ({ identifier, region }: LiveDatabase): readonly string[] => [
  `NOT LISTED: whether ${identifier} in ${region} has writes of its own. It refuses every password that the secret still has: the password was rotated after the writes had left it. Keep it until that is known.`,
  `To look: aws rds modify-db-instance --db-instance-identifier ${identifier} --master-user-password <a new one> --region ${region}, then read its binary log.`,
];

/** What the file holds, and above all what it does not: a list that was cut never looks like a whole one. */
export function divergedLines(
  identifier: string,
  path: string,
  answer: DivergedWritesAnswer,
): readonly string[] {
  const { writes, statements = [], truncated, complete } = answer;
  const { tablesWithoutKey = [], unreadableTransactions = [] } = answer;
  const counted = [
    `${writes.length} writes`,
    ...(statements.length > 0 ? [`${statements.length} statements`] : []),
  ];
  return [
    `${counted.join(" and ")} that only ${identifier} has are in ${path}.`,
    ...(tablesWithoutKey.length > 0
      ? [`Without a primary key, each row listed whole: ${tablesWithoutKey.join(", ")}.`]
      : []),
    ...(truncated
      ? [
          `CUT: there are more than the first ${writes.length + statements.length} that the file holds.`,
        ]
      : []),
    ...(unreadableTransactions.length > 0
      ? [
          `NOT LISTED: ${unreadableTransactions.length} transactions are in a form that cannot be read.`,
        ]
      : []),
    ...(complete || truncated || unreadableTransactions.length > 0
      ? []
      : ["INCOMPLETE: a part of the binary log is gone already, or could not be read in time."]),
  ];
}
