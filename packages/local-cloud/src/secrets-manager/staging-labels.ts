import { randomUUID } from "node:crypto";
import type { Secret, SecretValue, SecretVersion } from "./secret.ts";

export const current = "AWSCURRENT";
export const pending = "AWSPENDING";
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

/** Begins a rotation: the rotation function gives the version its value. */
export function addPendingVersion(
  secret: Secret,
  id: string = randomUUID(),
  value: SecretValue = {},
): SecretVersion {
  const version: SecretVersion = { id, value, createdAt: new Date(), stages: new Set() };
  secret.versions.set(id, version);
  moveStage(secret, pending, version);
  return version;
}
