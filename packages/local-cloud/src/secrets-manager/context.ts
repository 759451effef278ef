import type { FunctionUse } from "../function-use.ts";
import type { KeyUse } from "../kms/key-store.ts";
import type { Replicator } from "./replicator.ts";
import type { Rotator } from "./rotator.ts";
import type { Secret } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";

/** What the operations of Secrets Manager share. */
export interface SecretsContext {
  readonly store: SecretStore;
  readonly keys: KeyUse;
  readonly functions: FunctionUse;
  readonly replicator: Replicator;
  readonly rotator: Rotator;
}

/** Call after every change: it dates the secret and sends the change on to the replicas. */
export function markChanged(
  { replicator }: Pick<SecretsContext, "replicator">,
  secret: Secret,
): void {
  secret.changedAt = new Date();
  replicator.changed(secret);
}
