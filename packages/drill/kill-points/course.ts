import type { FoundDatabase } from "@standby/local-cloud/testing";
import type { PlannedStep } from "@standby/recovery";
import { deployFaultPair, type FaultPair } from "../faults/fault-pair.ts";
import { type Answer, watchCname } from "../src/dns-watch.ts";
import { History } from "../src/history.ts";
import type { CheckResult } from "../src/invariants/check.ts";
import { judgeCourse } from "../src/invariants/course-checks.ts";
import { Workload } from "../src/workload.ts";
import { type Execution, execute, type KillStage, untilWritten } from "./execution.ts";
import { groupsOf, type KillPoint, killPointsOf } from "./kill-point.ts";
import { type MoveName, moveNames, moves, nextMove, type Position } from "./moves.ts";

interface CourseOptions {
  readonly database: FoundDatabase;
  /** Each kill in an execution of its own, so that each has a second run that comes to its end. */
  readonly alone: boolean;
  readonly isAsked: (move: MoveName, point: KillPoint) => boolean;
  readonly isAskedMove: (move: MoveName) => boolean;
  readonly say: (line: string) => void;
}

/** A machine has room for so many servers beside each other: each rebuild leaves one behind. */
const rebuildsInOnePair = 4;

/** Points that are left, by what they belong to: both rebuilds have the same ones. Undefined: nobody has asked for the plan yet. */
class Remaining {
  readonly #groups = new Map<string, (readonly KillPoint[])[]>();
  readonly #options: CourseOptions;

  constructor(options: CourseOptions) {
    this.#options = options;
  }

  has(move: MoveName): boolean {
    if (!this.#options.isAskedMove(move)) return false;
    const groups = this.#groups.get(keyOf(move));
    return groups === undefined || groups.length > 0;
  }

  async take(move: MoveName, pair: FaultPair): Promise<readonly KillPoint[]> {
    if (!this.has(move)) return [];
    const known = this.#groups.get(keyOf(move)) ?? (await this.#plan(move, pair));
    return known.shift() ?? [];
  }

  async #plan(move: MoveName, pair: FaultPair) {
    const steps = await planOf(move, pair);
    const { alone, isAsked } = this.#options;
    const points = killPointsOf(steps).filter((point) => isAsked(move, point));
    const groups = [...groupsOf(points.filter(isPartOf(move)), alone)];
    this.#groups.set(keyOf(move), groups);
    return groups;
  }
}

const keyOf = (move: MoveName): string => (move.startsWith("rebuild") ? "rebuild" : move);

/** With its source answering a failover has one step more; the others are killed in the dark. */
const isPartOf =
  (move: MoveName) =>
  ({ step }: KillPoint): boolean =>
    move !== "failover, the source answers" || step === "fence-source";

async function planOf(move: MoveName, pair: FaultPair): Promise<readonly PlannedStep[]> {
  const { isDark, words } = moves[move];
  if (isDark) await pair.cloud.lose("us-east-1", "hang");
  const { stdout, stderr, exitCode } = await pair.standby(...words, "--dry-run", "--json");
  if (isDark) await pair.cloud.restore("us-east-1");
  if (exitCode !== 0) throw new Error(`the plan of ${move} ended with ${exitCode}: ${stderr}`);
  return (JSON.parse(stdout) as { readonly steps: readonly PlannedStep[] }).steps;
}

/** What was seen: of each execution as soon as it is over, and of each pair's whole history when the pair is given up. */
interface CourseListener {
  found(execution: Execution): void;
  judged(results: readonly CheckResult[]): void;
}

/** Meets every point that is asked for, on as many pairs as it takes. */
export async function runKillPoints(
  options: CourseOptions,
  listener: CourseListener,
): Promise<void> {
  const remaining = new Remaining(options);
  while (moveNames.some((move) => remaining.has(move)))
    await runOnOnePair(options, remaining, listener);
}

async function runOnOnePair(
  { database, say }: CourseOptions,
  remaining: Remaining,
  listener: CourseListener,
): Promise<void> {
  say("a new pair");
  await using pair = await deployFaultPair({ database, dnsSwitch: "record" });
  const history = new History();
  const answers: Answer[] = [];
  // Both applications write through the name: the recovery Region's is there all the time.
  const load = new Workload({
    clients: [pair.orders.west],
    history,
    writers: 1,
    readers: 1,
    paceMilliseconds: 100,
  });
  const { administrator } = database.dialect;
  const stage: KillStage = { pair, administrator, history, lost: new Set(), moves: [] };
  const watch = watchCname(pair.cloud.dnsServer, pair.hostName, answers);
  load.start();
  try {
    await untilWritten(stage);
    await walk(stage, remaining, listener);
  } finally {
    await load.stop();
    await watch.stop();
  }
  // A pair on which only a plan was looked at has nothing to judge.
  if (stage.moves.length > 0) listener.judged(judgeHistory(stage, answers));
}

async function walk(
  stage: KillStage,
  remaining: Remaining,
  listener: CourseListener,
): Promise<void> {
  let position: Position = "home";
  let rebuilds = 0;
  const next = () => nextMove(position, (name) => remaining.has(name));
  for (let move = next(); move !== undefined && rebuilds < rebuildsInOnePair; move = next()) {
    const points = await remaining.take(move, stage.pair);
    // The plan has shown that nothing of this move is asked for.
    if (points.length === 0 && next() !== move) continue;
    const execution = await execute(stage, move, points);
    listener.found(execution);
    if (execution.complaints.length > 0) return;
    if (move.startsWith("rebuild")) rebuilds += 1;
    position = moves[move].to;
    await untilWritten(stage);
  }
}

const bounds = { lagSeconds: 5, staleSeconds: 15, secretSeconds: 300 };
/** The rest judges what this course does not do. */
const judged = /^i[1-5]-/;

const judgeHistory = ({ history, moves: made, lost }: KillStage, answers: readonly Answer[]) =>
  judgeCourse({
    attempts: history.attempts,
    answers,
    bounds,
    course: {
      moves: made,
      faults: [],
      secretReadings: [],
      repeated: [],
      missing: [...lost],
      reportedDataLossSeconds: bounds.lagSeconds,
    },
  }).filter(({ id }) => judged.test(id));
