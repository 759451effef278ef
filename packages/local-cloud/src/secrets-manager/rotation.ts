import { randomUUID } from "node:crypto";
import type {
  CancelRotateSecretRequest,
  CancelRotateSecretResponse,
  RotateSecretRequest,
  RotateSecretResponse,
} from "@aws-sdk/client-secrets-manager";
import { operation } from "../operation.ts";
import { AwsError, type Operation } from "../service.ts";
import { markChanged, type SecretsContext } from "./context.ts";
import { checkRules } from "./rotation-schedule.ts";
import { unfinishedVersion } from "./rotator.ts";
import { invalidRequest, type Secret } from "./secret.ts";
import { addPendingVersion, current, holderOf } from "./staging-labels.ts";

/** The function that the call names, or the one that the secret has. It must let Secrets Manager call it. */
function rotationFunction(
  { functions }: SecretsContext,
  secret: Secret,
  input: RotateSecretRequest,
): string {
  const functionArn = input.RotationLambdaARN ?? secret.rotation?.functionArn;
  if (functionArn === undefined)
    throw invalidRequest("No Lambda rotation function ARN is associated with this secret.");
  const service = "secretsmanager.amazonaws.com";
  if (!functions.permits({ region: secret.region, functionArn, service, sourceArn: secret.arn }))
    throw new AwsError(
      "AccessDeniedException",
      `Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal ${service}.`,
    );
  return functionArn;
}

function requireNoUnfinishedRotation({ rotator }: SecretsContext, secret: Secret): void {
  const unfinished = unfinishedVersion(secret);
  if (unfinished === undefined) return;
  if (secret.rotation?.isEnabled) rotator.start(secret, unfinished);
  throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
}

/** Stores how and when the secret is rotated: what the call leaves out stays. */
function configure(secret: Secret, functionArn: string, input: RotateSecretRequest): void {
  secret.rotation = {
    functionArn,
    rules: input.RotationRules ?? secret.rotation?.rules,
    isEnabled: true,
    rotatedAt: secret.rotation?.rotatedAt,
    nextAt: undefined,
  };
}

/** Rotation by a function; Secrets Manager answers before it has begun. */
export const rotationOperations = (
  secrets: SecretsContext,
): Readonly<Record<string, Operation>> => ({
  RotateSecret: operation<RotateSecretRequest, RotateSecretResponse>((input, { region }) => {
    const secret = secrets.store.changeable(region, input.SecretId);
    if (input.ExternalSecretRotationRoleArn !== undefined)
      throw new AwsError(
        "NotModelled",
        "NotModelled: SecretsManager.RotateSecret by a partner",
        501,
      );
    if (input.RotationRules) checkRules(input.RotationRules);
    const functionArn = rotationFunction(secrets, secret, input);
    requireNoUnfinishedRotation(secrets, secret);
    const token = input.ClientRequestToken ?? randomUUID();
    const isRepeated = secret.versions.has(token);
    configure(secret, functionArn, input);
    if (input.RotateImmediately === false) {
      if (!isRepeated) {
        addPendingVersion(secret, token, holderOf(secret, current)?.value);
        secrets.rotator.test(secret, token);
      }
    } else if (!isRepeated) {
      addPendingVersion(secret, token);
      secrets.rotator.start(secret, token);
    }
    secrets.rotator.schedule(secret);
    markChanged(secrets, secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: token };
  }),

  CancelRotateSecret: operation<CancelRotateSecretRequest, CancelRotateSecretResponse>(
    (input, { region }) => {
      const secret = secrets.store.changeable(region, input.SecretId);
      const { rotation } = secret;
      if (!rotation)
        throw invalidRequest("No Lambda rotation function ARN is associated with this secret.");
      rotation.isEnabled = false;
      rotation.nextAt = undefined;
      secrets.rotator.cancel(secret);
      markChanged(secrets, secret);
      return { ARN: secret.arn, Name: secret.name, VersionId: unfinishedVersion(secret) };
    },
  ),
});
