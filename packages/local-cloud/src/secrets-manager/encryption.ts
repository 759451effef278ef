import type { KeyUse } from "../kms/key-store.ts";
import { AwsError } from "../service.ts";
import { defaultKeyAlias, type Secret } from "./secret.ts";

/** Why a key cannot be used, or undefined. */
export function keyProblem(
  keys: KeyUse,
  region: string,
  keyId: string | undefined,
): string | undefined {
  try {
    keys.usableKeyArn(region, keyId ?? defaultKeyAlias);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

export function requireEncryption(keys: KeyUse, region: string, keyId: string | undefined): void {
  if (keyProblem(keys, region, keyId) !== undefined)
    throw new AwsError(
      "EncryptionFailure",
      "Secrets Manager can't encrypt the protected secret text using the provided KMS key.",
    );
}

export function requireDecryption(keys: KeyUse, secret: Secret): void {
  if (keyProblem(keys, secret.region, secret.kmsKeyId) !== undefined)
    throw new AwsError(
      "DecryptionFailure",
      "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    );
}
