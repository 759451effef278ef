import { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { KeyUse } from "../kms/key-store.ts";
import type { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import { createSecretOperation } from "./create-secret.ts";
import { deletionOperations } from "./deletion.ts";
import { describeOperations } from "./describe.ts";
import { randomPasswordOperation } from "./random-password.ts";
import { replicationOperations } from "./replication.ts";
import { Replicator } from "./replicator.ts";
import { resourcePolicyOperations } from "./resource-policy.ts";
import { SecretStore } from "./secret-store.ts";
import { valueOperations } from "./secret-values.ts";
import { tagOperations } from "./tags.ts";
import { updateOperations } from "./update-secret.ts";

export interface SecretsManagerOptions {
  readonly dials: Dials;
  readonly outages: Outages;
  readonly keys: KeyUse;
}

export interface SecretsManager extends Service {
  /** Ends replication. */
  close(): Promise<void>;
}

/** Secrets Manager with asynchronous replication; rotation is not modelled yet. */
export function createSecretsManager({
  dials,
  outages,
  keys,
}: SecretsManagerOptions): SecretsManager {
  const store = new SecretStore();
  const background = new Background(outages);
  const replicator = new Replicator({ store, keys, background, dials });
  const secrets = { store, keys, replicator };
  return {
    name: "secretsmanager",
    operations: {
      ...createSecretOperation(secrets),
      ...describeOperations(secrets),
      ...valueOperations(secrets),
      ...updateOperations(secrets),
      ...replicationOperations(secrets),
      ...deletionOperations(secrets),
      ...resourcePolicyOperations(secrets),
      ...tagOperations(secrets),
      ...randomPasswordOperation,
    },
    close: () => background.close(),
  };
}
