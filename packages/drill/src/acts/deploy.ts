import type { Dials } from "@standby/local-cloud";
import type { QuietRun } from "../evidence.ts";
import { readStackOutputs } from "../stack-outputs.ts";
import type { Stage } from "../stage.ts";

export const primaryStack = "prod-east";
export const recoveryStack = "prod-west";

/** The engine's own time on a busy machine, and the waits that the dials make up on top of it. */
export const upTimeoutSeconds = (dials: Dials): number => {
  const { firstSeconds, intervalSeconds, consecutive } = dials.databaseWaiter;
  const waits =
    dials.databaseCreationSeconds +
    dials.promotionSeconds +
    2 * dials.modificationSeconds +
    2 * dials.recordPropagationSeconds +
    4 * (firstSeconds + consecutive * intervalSeconds);
  return 180 + 2 * waits;
};

/**
 * The primary stack runs twice: it accepts the peering that the recovery stack asks for, and declares what needs the CNAME.
 *
 * @param beforeLast Done when the CNAME answers and before the update that knows it.
 */
export async function deploy(
  { act, cloud, pulumi, evidence }: Stage,
  beforeLast: () => Promise<void> = async () => {},
): Promise<void> {
  const options = { skipPreview: true, timeoutSeconds: upTimeoutSeconds(cloud.dials) };
  if (evidence.dnsSwitch !== "record")
    await pulumi.configure(recoveryStack, { dnsSwitch: evidence.dnsSwitch });
  const up = (stack: string) => act(`pulumi up -s ${stack} --yes`, () => pulumi.up(stack, options));
  await up(primaryStack);
  await up(recoveryStack);
  await beforeLast();
  await up(primaryStack);
  evidence.outputs = {
    primary: readStackOutputs(primaryStack, await pulumi.outputs(primaryStack)),
    recovery: readStackOutputs(recoveryStack, await pulumi.outputs(recoveryStack)),
  };
}

/** Each stack once more: nothing may change. */
export async function repeatUps({ act, cloud, pulumi, evidence }: Stage): Promise<void> {
  const options = { timeoutSeconds: upTimeoutSeconds(cloud.dials) };
  await act("Both stacks again: nothing changes", async (say) => {
    say("pulumi up --expect-no-changes");
    const again: QuietRun[] = [];
    // One after the other: each reads the other's state, and a backend of files is written in place.
    for (const stack of [primaryStack, recoveryStack])
      again.push({ stack, changed: await pulumi.upChangesSomething(stack, options) });
    evidence.secondUps = again;
    say("");
  });
}

/** Identifiers of the databases that the stacks name now. */
export async function currentDatabases({
  pulumi,
}: Pick<Stage, "pulumi">): Promise<{ readonly primary: string; readonly recovery: string }> {
  const [primary, recovery] = await Promise.all(
    [primaryStack, recoveryStack].map(
      async (stack) => readStackOutputs(stack, await pulumi.outputs(stack)).database.identifier,
    ),
  );
  if (primary === undefined || recovery === undefined)
    throw new TypeError("two stacks, two outputs");
  return { primary, recovery };
}
