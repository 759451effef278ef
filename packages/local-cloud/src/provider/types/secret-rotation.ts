import {
  CancelRotateSecretCommand,
  RotateSecretCommand,
  type RotationRulesType,
} from "@aws-sdk/client-secrets-manager";
import { during, hasCode } from "../aws-call-error.ts";
import { flag, nested, number, type PropertyMap, requiredText, text } from "../property-values.ts";
import type { ResourceHandler, Scope } from "../resource-handler.ts";
import { retrying } from "../waiting.ts";
import { findSecret } from "./secret-lookup.ts";

const rulesOf = (properties: PropertyMap): RotationRulesType => {
  const rules = nested(properties, "rotationRules") ?? {};
  const days = number(rules, "automaticallyAfterDays");
  const [duration, schedule] = [text(rules, "duration"), text(rules, "scheduleExpression")];
  return {
    ...(days ? { AutomaticallyAfterDays: days } : {}),
    ...(duration ? { Duration: duration } : {}),
    ...(schedule ? { ScheduleExpression: schedule } : {}),
  };
};

/** Rotates at once unless told otherwise, on every later change of the rules too. */
const rotate = async (secretId: string, properties: PropertyMap, scope: Scope) => {
  const lambda = text(properties, "rotationLambdaArn");
  const command = new RotateSecretCommand({
    SecretId: secretId,
    RotateImmediately: flag(properties, "rotateImmediately") ?? true,
    RotationRules: rulesOf(properties),
    ...(lambda ? { RotationLambdaARN: lambda } : {}),
  });
  const send = () => scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
  const passes = (error: unknown) => hasCode(error, "AccessDenied", "InvalidRequest");
  return (await retrying(send, passes, scope)).ARN;
};

export const secretRotation: ResourceHandler = {
  async create(inputs, scope, created) {
    const secretId = requiredText(inputs, "secretId");
    try {
      created((await rotate(secretId, inputs, scope)) ?? secretId);
    } catch (error) {
      throw during(`creating Secrets Manager Secret Rotation (${secretId})`, error);
    }
  },

  async read(id, _state, scope) {
    const secret = await findSecret(id, scope);
    if (!secret) return undefined;
    const enabled = secret.RotationEnabled ?? false;
    const rules = secret.RotationRules;
    return {
      secretId: id,
      rotationEnabled: enabled,
      rotationLambdaArn: enabled ? (secret.RotationLambdaARN ?? "") : "",
      rotationRules:
        enabled && rules
          ? {
              automaticallyAfterDays: rules.AutomaticallyAfterDays,
              duration: rules.Duration,
              scheduleExpression: rules.ScheduleExpression,
            }
          : undefined,
    };
  },

  async update({ id, planned, changed }, scope) {
    const written = ["rotationLambdaArn", "rotationRules", "externalSecretRotationRoleArn"];
    if (!written.some((name) => changed.has(name))) return;
    try {
      await rotate(id, planned, scope);
    } catch (error) {
      throw during(`updating Secrets Manager Secret Rotation (${id})`, error);
    }
  },

  async delete(id, _state, scope) {
    const command = new CancelRotateSecretCommand({ SecretId: id });
    try {
      await scope.aws.secretsManager.send(command, { abortSignal: scope.signal });
    } catch (error) {
      throw during(`deleting Secrets Manager Secret Rotation (${id})`, error);
    }
  },
};
