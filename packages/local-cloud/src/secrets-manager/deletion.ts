import type {
  DeleteSecretRequest,
  DeleteSecretResponse,
  RestoreSecretRequest,
  RestoreSecretResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { markChanged, type SecretsContext } from "./context.ts";
import { invalidParameter, requireLive, requirePrimary, type Secret } from "./secret.ts";

const dayMilliseconds = 86_400_000;
const defaultWindowDays = 30;

function checkWindow(input: DeleteSecretRequest): void {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force } = input;
  if (days !== undefined && force === true)
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  if (days !== undefined && (days < 7 || days > 30))
    throw invalidParameter(
      "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
    );
}

function requireNoReplicas(secret: Secret): void {
  if (secret.replicas.size > 0)
    throw invalidParameter(
      `You can't delete secret ${secret.name} that still has replica regions [${[...secret.replicas.keys()].join(", ")}]`,
    );
}

/** The recovery window: the name stays taken and nothing can be read until it ends or the secret is restored. */
export const deletionOperations = (
  secrets: SecretsContext,
): Readonly<Record<string, Operation>> => ({
  DeleteSecret: operation<DeleteSecretRequest, DeleteSecretResponse>((input, { region }) => {
    checkWindow(input);
    const force = input.ForceDeleteWithoutRecovery === true;
    const found = secrets.store.find(region, input.SecretId ?? "");
    if (!found && force) return { ARN: undefined, Name: input.SecretId, DeletionDate: new Date() };
    const secret = requirePrimary(secrets.store.get(region, input.SecretId));
    requireNoReplicas(secret);
    if (force) {
      secrets.store.in(region).delete(secret.name);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date() };
    }
    requireLive(secret);
    const days = input.RecoveryWindowInDays ?? defaultWindowDays;
    secret.deletedAt = new Date();
    return {
      ARN: secret.arn,
      Name: secret.name,
      DeletionDate: new Date(secret.deletedAt.getTime() + days * dayMilliseconds),
    };
  }),

  RestoreSecret: operation<RestoreSecretRequest, RestoreSecretResponse>((input, { region }) => {
    const secret = requirePrimary(secrets.store.get(region, input.SecretId));
    secret.deletedAt = undefined;
    markChanged(secrets, secret);
    return { ARN: secret.arn, Name: secret.name };
  }),
});
