import type { DivergedWritesAnswer } from "@standby/topology";
import type { LiveDatabase } from "../actions.ts";
import { divergedPath, readDiverged, writeDiverged } from "../diverged-file.ts";
import { RecoveryError } from "../errors.ts";
import { insideOf } from "../inside.ts";
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
    return file.transactions === (await insideOf(stale, context, signal)).transactions;
  },
  async run(context, report, signal) {
    const [here, there] = [
      await insideOf(stale, context, signal),
      await insideOf(writer, context, signal),
    ];
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
