import { byHand } from "../faults/by-hand.ts";
import type { FaultPair } from "../faults/fault-pair.ts";
import { findMissing } from "../src/acts/verify.ts";
import type { Move } from "../src/course.ts";
import { withDeadline } from "../src/deadline.ts";
import { type History, isAcknowledgement } from "../src/history.ts";
import { type EndState, lookAtEnd, type Region } from "./end-state.ts";
import { complaintsAbout, expectedWriter } from "./judge-end.ts";
import type { KillPoint } from "./kill-point.ts";
import { type CommandEnd, runCommand } from "./killable-command.ts";
import { type MoveName, moves } from "./moves.ts";
import { secondWriter, watchWriters } from "./writers.ts";

/** A pair under load, and what was lost by its failovers on the way, which they admit. */
export interface KillStage {
  readonly pair: FaultPair;
  readonly administrator: string;
  readonly history: History;
  readonly lost: Set<string>;
  readonly moves: Move[];
}

/** What became of one kill, and of the run after it. */
interface KillOutcome {
  readonly point: KillPoint;
  /** False: the step had nothing to do here, and the command came to its end. */
  readonly met: boolean;
  /** Exit code of the run after the kill, or that it met the next one. */
  readonly again: string;
}

export interface Execution {
  readonly move: MoveName;
  readonly outcomes: readonly KillOutcome[];
  /** Who takes writes and who replicates at the end. */
  readonly end: string;
  /** None when everything is as the move has to leave it. */
  readonly complaints: readonly string[];
  readonly seconds: number;
}

const both: readonly Region[] = ["us-east-1", "us-west-2"];

/** Runs a move that is killed at each of the points, one after the other, and typed again each time; then all is looked at. */
export async function execute(
  stage: KillStage,
  move: MoveName,
  points: readonly KillPoint[],
): Promise<Execution> {
  const began = performance.now();
  const { pair, administrator } = stage;
  const { isDark, words } = moves[move];
  const before = await lookAtEnd(pair, administrator, both);
  if (points.some(({ step }) => step === "join-secret")) await partSecret(pair);
  if (isDark) await pair.cloud.lose("us-east-1", "hang");
  const startedAt = Date.now();
  const after = pair.cloud.calls().length;
  const watch = watchWriters(pair.cloud, administrator);
  const runs = await runUntilDone(pair, words, points).finally(() => watch.stop());
  const last = runs.at(-1);
  noteMove(stage, move, before, startedAt);
  const end = await lookAtEnd(pair, administrator, isDark ? ["us-west-2"] : both);
  const second = secondWriter(watch.samples);
  const complaints = [
    ...(last?.exitCode === 0 ? [] : [`the last run ended with ${last?.exitCode}: ${saidBy(last)}`]),
    ...complaintsAbout(move, before, end),
    ...(second ? [`${second.writers.length} servers took writes at the same time`] : []),
    ...repeatedCalls(pair, move, after),
    ...(await lostWrites(stage, move)),
  ];
  if (isDark) await pair.cloud.restore("us-east-1");
  return {
    move,
    outcomes: outcomesOf(points, runs),
    end: textOf(end),
    complaints,
    seconds: (performance.now() - began) / 1000,
  };
}

/** Killed at each point and typed again, until it comes to its end. */
async function runUntilDone(
  { cloud }: FaultPair,
  words: readonly string[],
  points: readonly KillPoint[],
): Promise<readonly CommandEnd[]> {
  const runs: CommandEnd[] = [];
  for (const point of [...points, undefined]) {
    const run = await runCommand(cloud, words, point);
    runs.push(run);
    if (!run.killed) break;
  }
  return runs;
}

function noteMove(
  { moves: made }: KillStage,
  move: MoveName,
  before: EndState,
  startedAt: number,
): void {
  const [source = "", from = ""] = before.record.split(" in ");
  const [target = "", to = ""] = (expectedWriter(move, before) ?? "").split(" in ");
  const kind = move.startsWith("failover") ? "failover" : "switchover";
  if (!move.startsWith("rebuild"))
    made.push({ kind, from, to, source, target, startedAt, endedAt: Date.now() });
}

/** A run that was not killed had come to its end before the point: the points that are left were not met either. */
const outcomesOf = (
  points: readonly KillPoint[],
  runs: readonly CommandEnd[],
): readonly KillOutcome[] =>
  points.map((point, index) => {
    const next = runs[index + 1];
    return {
      point,
      met: runs[index]?.killed === true,
      again: next === undefined ? "" : next.killed ? "killed as well" : String(next.exitCode),
    };
  });

const saidBy = (end: CommandEnd | undefined): string =>
  end?.stderr.split("\n").find((line) => line.startsWith("standby: ")) ?? "nothing was said";

/** So that there is something to join: somebody has made the recovery Region's copy a secret of its own. */
const partSecret = ({ cloud, secretId }: FaultPair) =>
  byHand(cloud).json("us-west-2", "secretsmanager", "StopReplicationToReplica", {
    SecretId: secretId.replace("us-east-1", "us-west-2"),
  });

const onlyOnce = ["PromoteReadReplica", "CreateDBInstanceReadReplica"] as const;

function repeatedCalls({ cloud }: FaultPair, move: MoveName, after: number): readonly string[] {
  const answered = cloud.calls({ after }).filter(({ status }) => status === 200);
  return onlyOnce.flatMap((operation) => {
    const count = answered.filter((call) => call.operation === operation).length;
    const due = (operation === "PromoteReadReplica") === move.startsWith("rebuild") ? 0 : 1;
    return count === due ? [] : [`${operation} was carried out ${count} times, not ${due}`];
  });
}

const lookUpSeconds = 120;

/** A failover may lose what the lost Region had not sent on; nothing else may. */
async function lostWrites(stage: KillStage, move: MoveName): Promise<readonly string[]> {
  const { pair, history, lost } = stage;
  const never = new AbortController().signal;
  const seen = history.acknowledgedIds.filter((id) => !lost.has(id));
  const { missing } = await withDeadline("the look-up of all orders", lookUpSeconds, never, (one) =>
    findMissing(pair.orders.west, seen, one),
  );
  if (moves[move].isDark) {
    for (const id of missing) lost.add(id);
    return [];
  }
  return missing.length === 0 ? [] : [`${missing.length} acknowledged writes are gone`];
}

const textOf = ({ databases, record }: EndState): string => {
  const replica = databases.find(({ source }) => source === record);
  return `${record} takes the writes${replica ? `, ${replica.name} replicates` : ""}`;
};

const writeSeconds = 60;

/** The load has written through the application since. */
export async function untilWritten({ history }: KillStage): Promise<void> {
  const never = new AbortController().signal;
  await withDeadline("an acknowledged write", writeSeconds, never, (one) =>
    history.next(isAcknowledgement, one),
  );
}
