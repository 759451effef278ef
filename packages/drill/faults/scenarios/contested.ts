import type { FaultPair } from "../fault-pair.ts";
import { callsAfter, recordTargetUntil, saidBy } from "../looks.ts";
import { type Observed, observed, type Scenario } from "../scenario.ts";

const budgetSeconds = 120;
const words = ["failover", "--yes", "--accept-data-loss", "unknown"] as const;

/** us-east-1 answers 503; RDS is busy, then takes the promotion and its answer is lost; and two people type the command at once. */
export const contestedFailover: Scenario = {
  rows: [2, 17, 19, 38],
  isOneWay: true,
  async run(pair) {
    const { cloud } = pair;
    await cloud.lose("us-east-1", "5xx");
    const after = cloud.lastLoss ?? 0;
    const promotion = { service: "rds", operation: "PromoteReadReplica", times: 1 } as const;
    cloud.addFault({ ...promotion, kind: "refuse", errorCode: "InvalidDBInstanceState" });
    cloud.addFault({ ...promotion, kind: "lose-answer" });
    const runs = await Promise.all([pair.standby(...words), pair.standby(...words)]);
    const [winner, loser] = runs.toSorted((one, other) => one.exitCode - other.exitCode);
    if (!winner || !loser) throw new TypeError("two runs, two ends");
    const target = await recordTargetUntil(pair, pair.addresses.west);
    return judge(pair, { winner, loser, after, moved: target === pair.addresses.west });
  },
};

type Ended = Awaited<ReturnType<FaultPair["standby"]>>;

function judge(
  pair: FaultPair,
  run: {
    readonly winner: Ended;
    readonly loser: Ended;
    readonly after: number;
    readonly moved: boolean;
  },
): readonly Observed[] {
  const { winner, loser, after, moved } = run;
  const calls = callsAfter(pair, after);
  const lost = calls.filter((call) => call.startsWith("us-east-1") && !call.includes(" route53:"));
  const promotions = calls.filter((call) => call.endsWith("rds:PromoteReadReplica")).length;
  const done = winner.exitCode === 0 && moved;
  const busy = /busy/.test(winner.stderr + winner.stdout);
  return [
    observed(
      2,
      done &&
        winner.seconds <= budgetSeconds &&
        lost.every((call) => /Describe|Get|List/.test(call)),
      `exit ${winner.exitCode} after ${winner.seconds.toFixed(1)} s`,
      `of us-east-1: ${lost.length} looks, each answered 503, and Route 53`,
    ),
    observed(17, done && busy, `said that RDS is busy, tried again: exit ${winner.exitCode}`),
    observed(
      19,
      done && promotions > 1,
      `${promotions} calls of PromoteReadReplica, one of them without an answer; promoted once, exit ${winner.exitCode}`,
    ),
    observed(
      38,
      winner.exitCode === 0 && loser.exitCode === 3 && /under way|began/.test(loser.stderr),
      `exit ${winner.exitCode} and ${loser.exitCode}: ${saidBy(loser.stderr)}`,
    ),
  ];
}
