import { randomUUID } from "node:crypto";
import { AwsError } from "../service.ts";
import {
  invalidParameter,
  isEmpty,
  type Secret,
  type SecretValue,
  type SecretVersion,
} from "./secret.ts";
import { current, moveStage } from "./staging-labels.ts";

const maximumValueBytes = 65_536;

export interface ValueParameters {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** Undefined when the request carries no value. Its refusals never name the value. */
export function readValue({
  SecretString,
  SecretBinary,
}: ValueParameters): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value.",
    );
  const size = SecretString === undefined ? SecretBinary?.length : Buffer.byteLength(SecretString);
  if (size !== undefined && size > maximumValueBytes)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: the secret value must have length less than or equal to ${maximumValueBytes}`,
    );
  if (SecretString !== undefined) return { text: SecretString };
  return SecretBinary === undefined ? undefined : { bytes: SecretBinary };
}

const isSameValue = (one: SecretValue, other: SecretValue): boolean =>
  one.text === other.text && Buffer.from(one.bytes ?? []).equals(Buffer.from(other.bytes ?? []));

/** Gives its value to the version that a rotation has begun. */
function fill(
  secret: Secret,
  empty: SecretVersion,
  value: SecretValue,
  stages: readonly string[],
): SecretVersion {
  const version = { ...empty, value };
  secret.versions.set(version.id, version);
  for (const stage of stages) moveStage(secret, stage, version);
  return version;
}

/** Adds a version, or finds the one that an earlier attempt with the same token and value has added. */
export function addVersion(
  secret: Secret,
  value: SecretValue,
  token: string = randomUUID(),
  stages: readonly string[] = [current],
): SecretVersion {
  const existing = secret.versions.get(token);
  if (existing && isEmpty(existing.value)) return fill(secret, existing, value, stages);
  if (existing && !isSameValue(existing.value, value))
    throw new AwsError(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  if (existing) return existing;
  const version: SecretVersion = { id: token, value, createdAt: new Date(), stages: new Set() };
  secret.versions.set(token, version);
  for (const stage of stages) moveStage(secret, stage, version);
  return version;
}
