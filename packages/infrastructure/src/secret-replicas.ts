import type { Refusal } from "./refusal.ts";

export interface SecretReplicaFacts {
  readonly stack: string;
  readonly region: string;
  readonly secret: {
    readonly replicaRegions: readonly string[];
    readonly allowReplicaRemoval: readonly string[];
  };
}

/** Regions that once held a copy and are not to any more. Their keys stay: snapshots and databases of theirs may be encrypted with them. */
export const formerReplicaRegions = (
  { region, secret }: SecretReplicaFacts,
  known: readonly string[],
): readonly string[] =>
  [...new Set(known)]
    .filter((each) => each !== region && !secret.replicaRegions.includes(each))
    .sort();

/** AWS deletes a copy that leaves the list at once and for good, whatever the recovery window, and Pulumi's `protect` does not see it. */
export const replicaRemovalRefusals = (
  facts: SecretReplicaFacts,
  holders: readonly string[],
): readonly Refusal[] =>
  formerReplicaRegions(facts, holders)
    .filter((each) => !facts.secret.allowReplicaRemoval.includes(each))
    .map((each) => ({
      key: "standby:secret.replicaRegions",
      reason: `leaves out ${each}, which holds a copy of the secret: AWS would delete that copy at once, and whoever reads it there would fail`,
      next: `put ${each} back into Pulumi.${facts.stack}.yaml, or, when nothing reads the secret there: pulumi config set --path 'secret.allowReplicaRemoval[0]' ${each} -s ${facts.stack}`,
    }));
