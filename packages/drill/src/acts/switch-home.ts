import { operator } from "@standby/local-cloud";
import { createDatabases, type Databases } from "../databases.ts";
import { pause } from "../deadline.ts";
import { readStackOutputs } from "../stack-outputs.ts";
import { expectNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { primaryStack, recoveryStack, upTimeoutSeconds } from "./deploy.ts";
import { firstWriteOf } from "./takeover.ts";

/** For the last transactions that the fenced source had acknowledged to arrive; the look-up at the end tells when one did not. */
const arrivalMilliseconds = 500;
const backupRetentionDays = 7;

/** By flags and the API's promotion: fence, let the last writes arrive, promote, move the name. */
export async function switchHome(stage: CycleStage): Promise<void> {
  const { act, cloud, evidence, signal } = stage;
  const { primaryRegion, recoveryRegion } = evidence;
  const databasesIn = (region: string): Databases =>
    createDatabases({
      region,
      endpoint: cloud.endpoint,
      credentials: operator,
      signal,
      deadlineSeconds: upTimeoutSeconds(cloud.dials),
    });
  const [home, away] = [databasesIn(primaryRegion), databasesIn(recoveryRegion)];
  try {
    await act(`Switch over: the writes go back to ${primaryRegion}`, () => move(stage, home, away));
  } finally {
    home.close();
    away.close();
  }
}

async function move(stage: CycleStage, home: Databases, away: Databases): Promise<void> {
  const { cloud, pulumi, evidence, notes, load, clients, pacing, signal } = stage;
  const { primaryRegion, recoveryRegion } = evidence;
  const [target, source] = await Promise.all(
    [primaryStack, recoveryStack].map(
      async (stack) => readStackOutputs(stack, await pulumi.outputs(stack)).database.identifier,
    ),
  );
  if (source === undefined || target === undefined) throw new TypeError("two stacks, two outputs");
  const options = { skipPreview: true, timeoutSeconds: upTimeoutSeconds(cloud.dials) };
  await pulumi.configure(recoveryStack, {
    failover: "false",
    fenced: "true",
    ...(evidence.dnsSwitch === "health-check" ? { pinned: "false" } : {}),
  });
  const startedAt = Date.now();
  await pulumi.up(recoveryStack, options);
  await away.untilInSync(source);
  await pause(arrivalMilliseconds, signal);
  await home.promote(target, backupRetentionDays);
  load.use([clients.primary, clients.recovery]);
  await Promise.all([
    firstWriteOf(stage, `${target} in ${primaryRegion}`),
    pulumi.up(recoveryStack, options),
  ]);
  notes.moves.push({
    kind: "switchover",
    from: recoveryRegion,
    to: primaryRegion,
    source,
    target,
    startedAt,
    endedAt: Date.now(),
  });
  await pause(pacing.afterSeconds * 1000, signal);
  await expectNothingLeft(stage);
}
