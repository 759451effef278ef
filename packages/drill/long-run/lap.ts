import { operator } from "@standby/local-cloud";
import type { CycleStage } from "../src/acts/cycle.ts";
import { findLost } from "../src/acts/find-lost.ts";
import type { Clients } from "../src/acts/load.ts";
import { rebuildPrimary, rebuildRecovery } from "../src/acts/rebuild.ts";
import { failOverAgain, loseAgain, restoreRegion } from "../src/acts/return-of-region.ts";
import { switchHome } from "../src/acts/switch-home.ts";
import { watchCname } from "../src/dns-watch.ts";
import { History } from "../src/history.ts";
import type { CheckResult } from "../src/invariants/check.ts";
import { judgeCourse } from "../src/invariants/course-checks.ts";
import { boundsOf } from "../src/invariants/index.ts";
import { watchSecret } from "../src/secret-watch.ts";
import type { Stage } from "../src/stage.ts";
import { Workload } from "../src/workload.ts";

export interface LapOptions {
  /** Acknowledged writes before the Region is lost. */
  readonly writes: number;
  readonly writers: number;
}

export interface Lap {
  readonly acknowledged: number;
  readonly lost: number;
  readonly seconds: number;
  readonly checks: readonly CheckResult[];
}

const pollMilliseconds = 200;

/**
 * Once around: load, loss, failover, return, rebuild, switchover home, rebuild. It ends as it began, a generation later. Everything that
 * clients saw is judged and let go of, so that a run of any length needs the memory of one lap.
 */
export async function runLap(
  stage: Stage,
  clients: Clients,
  { writes, writers }: LapOptions,
): Promise<Lap> {
  const began = performance.now();
  const history = new History();
  const load = new Workload({
    clients: [clients.primary, clients.recovery],
    history,
    writers,
    paceMilliseconds: 0,
  });
  const cycling: CycleStage = {
    ...stage,
    history,
    answers: [],
    clients,
    load,
    notes: {
      moves: [],
      faults: [],
      secretReadings: [],
      repeated: [],
      missing: [],
      reportedDataLossSeconds: 0,
    },
  };
  const watches = watch(cycling);
  try {
    load.start();
    while (history.acknowledgedIds.length < writes) {
      stage.signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
    }
    await loseAgain(cycling);
    await failOverAgain(cycling);
    await restoreRegion(cycling);
    await rebuildPrimary(cycling);
    await switchHome(cycling);
    await rebuildRecovery(cycling);
    await load.stop();
  } finally {
    await load.abort();
    await Promise.all(watches.map((each) => each.stop()));
  }
  const course = { ...cycling.notes, ...(await findLost(cycling)) };
  const { answers } = cycling;
  const bounds = boundsOf({ ...stage.evidence, answers });
  return {
    acknowledged: history.acknowledgedIds.length,
    lost: course.missing.length,
    seconds: (performance.now() - began) / 1000,
    checks: judgeCourse({ attempts: history.attempts, answers, course, bounds }),
  };
}

function watch({ cloud, evidence, answers, clients, notes }: CycleStage) {
  const { databaseHostName = "", secretArn = "" } = evidence.outputs?.recovery ?? {};
  return [
    watchCname(cloud.dnsServer, databaseHostName, answers),
    watchSecret(
      {
        secretArn,
        application: clients.recovery,
        endpoint: cloud.endpoint,
        credentials: operator,
      },
      notes.secretReadings,
    ),
  ];
}
