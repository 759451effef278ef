import { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { FunctionUse } from "../function-use.ts";
import type { FindSecret } from "../iam/needed-permissions.ts";
import type { KeyUse } from "../kms/key-store.ts";
import type { Outages } from "../outages.ts";
import type { Service } from "../service.ts";
import { markChanged, type SecretsContext } from "./context.ts";
import { createSecretOperation } from "./create-secret.ts";
import { deletionOperations } from "./deletion.ts";
import { describeOperations } from "./describe.ts";
import { randomPasswordOperation } from "./random-password.ts";
import { replicationOperations } from "./replication.ts";
import { Replicator } from "./replicator.ts";
import { resourcePolicyOperations } from "./resource-policy.ts";
import { rotationOperations } from "./rotation.ts";
import { Rotator } from "./rotator.ts";
import { defaultKeyAlias, type Secret } from "./secret.ts";
import { SecretStore } from "./secret-store.ts";
import { valueOperations } from "./secret-values.ts";
import { tagOperations } from "./tags.ts";
import { updateOperations } from "./update-secret.ts";

export interface SecretsManagerOptions {
  readonly dials: Dials;
  readonly outages: Outages;
  readonly keys: KeyUse;
  readonly functions: FunctionUse;
}

export interface SecretsManager extends Service {
  /** For IAM: a secret of whatever state, by name or ARN. */
  readonly findSecret: FindSecret;
  /** Ends replication. */
  close(): Promise<void>;
}

/** Secrets Manager with asynchronous replication, and rotation by functions that run. */
export function createSecretsManager({
  dials,
  outages,
  keys,
  functions,
}: SecretsManagerOptions): SecretsManager {
  const store = new SecretStore();
  const background = new Background(outages);
  const replicator = new Replicator({ store, keys, background, dials });
  const onChange = (secret: Secret) => markChanged({ replicator }, secret);
  const rotator = new Rotator({ functions, background, dials, onChange });
  const secrets: SecretsContext = { store, keys, functions, replicator, rotator };
  return {
    name: "secretsmanager",
    operations: {
      ...createSecretOperation(secrets),
      ...describeOperations(secrets),
      ...valueOperations(secrets),
      ...updateOperations(secrets),
      ...replicationOperations(secrets),
      ...rotationOperations(secrets),
      ...deletionOperations(secrets),
      ...resourcePolicyOperations(secrets),
      ...tagOperations(secrets),
      ...randomPasswordOperation,
    },
    findSecret: (region, secretId) => {
      const secret = store.find(region, secretId);
      return secret && { arn: secret.arn, keyArn: keyArnOf(keys, secret) };
    },
    close: () => background.close(),
  };
}

/** An alias stands for its key; what cannot be used is refused later, in other words. */
function keyArnOf(keys: KeyUse, { region, kmsKeyId }: Secret): string | undefined {
  if (kmsKeyId === undefined || kmsKeyId.endsWith(defaultKeyAlias)) return undefined;
  try {
    return keys.usableKeyArn(region, kmsKeyId);
  } catch {
    return kmsKeyId;
  }
}
