import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { plannedChanges } from "../preview.ts";
import type { Stage } from "../stage.ts";
import { recoveryStack } from "./deploy.ts";

/** What the flag would do, asked while all is well, with a copy of the stack file: the flag itself stays as it is. */
export async function previewFailover({ act, cloud, pulumi, evidence }: Stage): Promise<void> {
  await act("Preview of the failover: two updates", async (say) => {
    const folder = join(cloud.folder, "drill");
    const name = `Pulumi.${recoveryStack}.yaml`;
    const copy = join(folder, name);
    await mkdir(folder, { recursive: true });
    await copyFile(join(cloud.projectFolder, name), copy);
    await pulumi.setFlag(recoveryStack, "failover", true, copy);
    evidence.preview = plannedChanges(await pulumi.preview(recoveryStack, copy));
    say(evidence.preview.map((each) => `${each.operation} ${each.type}`).join(", "));
  });
}
