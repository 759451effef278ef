import type { Secret, SecretVersion } from "./secret.ts";

export const current = "AWSCURRENT";
const previous = "AWSPREVIOUS";

/** A label is on one version at most. */
export const holderOf = (secret: Secret, stage: string): SecretVersion | undefined =>
  [...secret.versions.values()].find((version) => version.stages.has(stage));

/** Moves a label to a version. AWSPREVIOUS follows AWSCURRENT: it goes to the version that AWSCURRENT leaves. */
export function moveStage(secret: Secret, stage: string, to: SecretVersion): void {
  const from = holderOf(secret, stage);
  if (from === to) return;
  from?.stages.delete(stage);
  to.stages.add(stage);
  if (stage !== current) return;
  to.stages.delete(previous);
  if (from) moveStage(secret, previous, from);
}
