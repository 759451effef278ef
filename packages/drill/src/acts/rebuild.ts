import { readStackOutputs } from "../stack-outputs.ts";
import { expectNothingLeft } from "./borders.ts";
import type { CycleStage } from "./cycle.ts";
import { primaryStack, recoveryStack, upTimeoutSeconds } from "./deploy.ts";

/** The older database is fenced by the same update, as every one that has a successor. */
const rebuild = async (stage: CycleStage, stack: string, from: string): Promise<void> => {
  const { act, cloud, pulumi } = stage;
  await act(`Rebuild: ${stack} gets a replica of the other Region's database`, async (say) => {
    const { database } = readStackOutputs(from, await pulumi.outputs(from));
    await pulumi.configure(stack, { fenced: "false", replicateFrom: database.arn });
    await pulumi.up(stack, { skipPreview: true, timeoutSeconds: upTimeoutSeconds(cloud.dials) });
    await expectNothingLeft(stage);
    say(`from ${database.identifier}; the older one is kept, and refuses writes`);
  });
};

export async function rebuildPrimary(stage: CycleStage): Promise<void> {
  await rebuild(stage, primaryStack, recoveryStack);
  if (stage.evidence.dnsSwitch === "health-check") await pin(stage);
}

/** Route 53 takes changes again: nothing that the metric says leads the name back to the old source from now on. */
const pin = ({ act, cloud, pulumi }: CycleStage): Promise<void> =>
  act("Pin the name where it is", async () => {
    await pulumi.configure(recoveryStack, { pinned: "true" });
    const timeoutSeconds = upTimeoutSeconds(cloud.dials);
    await pulumi.up(recoveryStack, { skipPreview: true, timeoutSeconds });
  });

export const rebuildRecovery = (stage: CycleStage): Promise<void> =>
  rebuild(stage, recoveryStack, primaryStack);
