import type {
  UpdateSecretRequest,
  UpdateSecretResponse,
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import type { Operation } from "../service.ts";
import { addVersion, readValue } from "./add-version.ts";
import { markChanged, type SecretsContext } from "./context.ts";
import { requireEncryption } from "./encryption.ts";
import { invalidParameter, notFound, requirePrimary, type Secret } from "./secret.ts";
import { current, holderOf, moveStage } from "./staging-labels.ts";

/** The encryption key is the one thing that a replica may have changed on its own. */
const isKeyChangeOnly = (input: UpdateSecretRequest): boolean =>
  input.KmsKeyId !== undefined &&
  input.Description === undefined &&
  input.SecretString === undefined &&
  input.SecretBinary === undefined;

function changeStage(secret: Secret, input: UpdateSecretVersionStageRequest): void {
  const { VersionStage: stage = "", MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const holder = holderOf(secret, stage);
  const target = to === undefined ? undefined : secret.versions.get(to);
  if (to !== undefined && !target)
    throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${to}`);
  if (from !== undefined && holder?.id !== from)
    throw invalidParameter(
      `The parameter RemoveFromVersionId value is staging label ${stage} not attached to version ${from}.`,
    );
  if (target && holder && holder !== target && from === undefined)
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  if (!target && stage === current)
    throw invalidParameter(
      `You can only move staging label ${current} to a different secret version. It can't be completely removed.`,
    );
  if (target) moveStage(secret, stage, target);
  else holder?.stages.delete(stage);
}

export const updateOperations = (secrets: SecretsContext): Readonly<Record<string, Operation>> => ({
  UpdateSecret: operation<UpdateSecretRequest, UpdateSecretResponse>((input, { region }) => {
    const secret = secrets.store.live(region, input.SecretId);
    if (!isKeyChangeOnly(input)) requirePrimary(secret);
    requireEncryption(secrets.keys, region, input.KmsKeyId ?? secret.kmsKeyId);
    const value = readValue(input);
    const version = value && addVersion(secret, value, input.ClientRequestToken);
    secret.description = input.Description ?? secret.description;
    secret.kmsKeyId = input.KmsKeyId ?? secret.kmsKeyId;
    markChanged(secrets, secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
  }),

  UpdateSecretVersionStage: operation<
    UpdateSecretVersionStageRequest,
    UpdateSecretVersionStageResponse
  >((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    changeStage(secret, input);
    markChanged(secrets, secret);
    return { ARN: secret.arn, Name: secret.name };
  }),
});
