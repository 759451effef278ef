import { pause, withDeadline } from "../deadline.ts";
import { firstAcknowledgementAfter, isAcknowledgement } from "../history.ts";
import type { Stage } from "../stage.ts";
import type { Workload } from "../workload.ts";
import { recoveryStack, upTimeoutSeconds } from "./deploy.ts";
import type { Clients } from "./load.ts";

/** From this moment nothing in the Region answers; the clients turn to the other one and keep trying. */
export async function loseRegion(
  { act, cloud, evidence }: Stage,
  load: Workload,
  { recovery }: Clients,
): Promise<void> {
  const { primaryRegion, lossMode } = evidence;
  await act(`${primaryRegion} is lost (${lossMode})`, async () => {
    evidence.lossAt = Date.now();
    // Refused and not hung: that the record mode's update ends at all is not what is rehearsed here.
    if (evidence.route53IsDown) cloud.loseRoute53ControlPlane("5xx");
    await cloud.lose(primaryRegion, lossMode);
    load.use([recovery]);
  });
}

/** By the command in a whole course, by the bare flag where that is what is rehearsed. */
export const failOver = (stage: Stage): Promise<void> =>
  stage.course === "cycle" ? failOverByCommand(stage) : failOverByFlag(stage);

async function failOverByCommand({ act, evidence, standby }: Stage): Promise<void> {
  evidence.movedBy = "command";
  await act(`standby failover: ${evidence.recoveryRegion} takes writes`, async (say) => {
    evidence.flagAt = Date.now();
    const { steps } = await standby.failover();
    say(steps.map(({ id, seconds }) => `${id} ${seconds.toFixed(1)} s`).join(", "));
  });
}

/** The two commands of the runbook, nothing else. The preview was looked at before. */
async function failOverByFlag(stage: Stage): Promise<void> {
  const { act, cloud, pulumi, evidence } = stage;
  evidence.movedBy = "flag";
  await act(`pulumi config set failover true -s ${recoveryStack}`, () => {
    evidence.flagAt = Date.now();
    return pulumi.setFlag(recoveryStack, "failover", true);
  });
  await act(`pulumi up -s ${recoveryStack} --yes`, () =>
    pulumi.up(recoveryStack, {
      skipPreview: true,
      timeoutSeconds: upTimeoutSeconds(cloud.dials),
    }),
  );
}

/** The clients' writes go on through the recovery Region. */
export async function carryOn(stage: Stage, load: Workload): Promise<void> {
  const { act, evidence, history, pacing, running, signal } = stage;
  const { recoveryRegion: region, lossAt = 0 } = evidence;
  const isTakeover = () => firstAcknowledgementAfter(history.attempts, lossAt, region);
  await act(`Writes and reads go on through ${region}`, async (say) => {
    if (!isTakeover())
      await withDeadline(
        `the first acknowledged write through ${region}`,
        pacing.takeoverSeconds,
        signal,
        (both) => history.next((each) => isAcknowledgement(each) && each.region === region, both),
      );
    await pause(pacing.afterSeconds * 1000, signal);
    signal.throwIfAborted();
    await Promise.all([load.stop(), running.dnsWatch?.stop()]);
    say(`${history.acknowledgedIds.length} writes acknowledged in all`);
  });
}

/** A second run finds everything done. */
export async function repeatFailover({ act, cloud, pulumi, evidence }: Stage): Promise<void> {
  const options = { timeoutSeconds: upTimeoutSeconds(cloud.dials) };
  await act("The failover again: nothing changes", async () => {
    const changed = await pulumi.upChangesSomething(recoveryStack, options);
    evidence.repeatedFailover = { stack: recoveryStack, changed };
  });
}
