import { operator } from "@standby/local-cloud";
import type { Course, FaultSpan, Move, SecretReading } from "../course.ts";
import { watchCname } from "../dns-watch.ts";
import type { QuietRun } from "../evidence.ts";
import { watchSecret } from "../secret-watch.ts";
import type { Stage } from "../stage.ts";
import { Workload } from "../workload.ts";
import { findLost } from "./find-lost.ts";
import type { Clients } from "./load.ts";
import { rebuildPrimary, rebuildRecovery } from "./rebuild.ts";
import { failOverAgain, loseAgain, restoreRegion, useBothRegions } from "./return-of-region.ts";
import { untilRotated } from "./rotation.ts";
import { switchHome } from "./switch-home.ts";

/** The engine runs through most of a course: the load leaves it room. */
const paceMilliseconds = 25;

/** What a course adds up while it goes on. */
interface CourseNotes extends Course {
  readonly moves: Move[];
  readonly faults: FaultSpan[];
  readonly secretReadings: SecretReading[];
  readonly repeated: QuietRun[];
}

export interface CycleStage extends Stage {
  readonly clients: Clients;
  readonly notes: CourseNotes;
  readonly load: Workload;
}

/**
 * From a failover that is over back to where the pair was before the loss, and once more: the lost Region returns, is rebuilt, takes
 * the writes back, the other one is rebuilt, and a second loss is survived as the first was.
 */
export async function cycle(stage: Stage, clients: Clients): Promise<void> {
  const { cloud, evidence, history } = stage;
  if (cloud.lastLoss !== undefined)
    evidence.callsAfterLoss = [...cloud.calls({ after: cloud.lastLoss })];
  evidence.firstFailoverAt = Date.now();
  const notes = firstNotes(stage);
  const load = new Workload({
    clients: [clients.recovery],
    history,
    paceMilliseconds,
  });
  const cycling: CycleStage = { ...stage, clients, notes, load };
  const secretWatch = resume(cycling);
  try {
    await restoreRegion(cycling);
    await rebuildPrimary(cycling);
    if (cycling.rotates) await useBothRegions(cycling);
    await switchHome(cycling);
    if (cycling.rotates) await untilRotated(cycling, evidence.primaryRegion);
    await rebuildRecovery(cycling);
    await loseAgain(cycling);
    await failOverAgain(cycling);
    await load.stop();
  } finally {
    await secretWatch.stop();
    evidence.course = notes;
  }
  evidence.course = { ...notes, ...(await findLost(cycling)) };
}

function firstNotes({ evidence, answers }: Stage): CourseNotes {
  const { primaryRegion, recoveryRegion, lossMode, lossAt = 0, outputs } = evidence;
  const target = outputs?.recovery.database;
  const movedAt = answers.find(({ at, value }) => at > lossAt && value === target?.address)?.at;
  return {
    moves: [
      {
        kind: "failover",
        from: primaryRegion,
        to: recoveryRegion,
        source: outputs?.primary.database.identifier ?? "",
        target: target?.identifier ?? "",
        startedAt: lossAt,
        endedAt: movedAt ?? Date.now(),
      },
    ],
    faults: [{ region: primaryRegion, mode: lossMode, startedAt: lossAt }],
    secretReadings: [],
    repeated: [
      ...(evidence.secondUps ?? []),
      ...(evidence.repeatedFailover ? [evidence.repeatedFailover] : []),
    ],
    missing: [],
    reportedDataLossSeconds: 0,
  };
}

/** Load, name and secret are watched again until the end, whatever happens to the Regions. */
function resume({ cloud, evidence, answers, running, clients, notes, load }: CycleStage) {
  const { databaseHostName = "", secretArn = "" } = evidence.outputs?.recovery ?? {};
  running.workload = load;
  running.dnsWatch = watchCname(cloud.dnsServer, databaseHostName, answers);
  load.start();
  return watchSecret(
    {
      secretArn,
      application: clients.recovery,
      endpoint: cloud.endpoint,
      credentials: operator,
    },
    notes.secretReadings,
  );
}
