import type { Refusal } from "./refusal.ts";

export interface SecretReplicaFacts {
  readonly stack: string;
  readonly secret: {
    readonly replicaRegions: readonly string[];
    readonly allowReplicaRemoval: readonly string[];
  };
}

/** AWS deletes a copy that leaves the list at once and for good, whatever the recovery window, and Pulumi's `protect` does not see it. */
export const replicaRemovalRefusals = (
  { stack, secret }: SecretReplicaFacts,
  holders: readonly string[],
): readonly Refusal[] =>
  holders
    .filter((each) => !secret.replicaRegions.includes(each))
    .filter((each) => !secret.allowReplicaRemoval.includes(each))
    .toSorted()
    .map((each) => ({
      key: "standby:secret.replicaRegions",
      reason: `leaves out ${each}, which holds a copy of the secret: AWS would delete that copy at once, and whoever reads it there would fail`,
      next: `put ${each} back into Pulumi.${stack}.yaml, or, when nothing reads the secret there: pulumi config set --path 'secret.allowReplicaRemoval[0]' ${each} -s ${stack}`,
    }));
