import {
  AccessError,
  ConfigurationError,
  CredentialsError,
  SecretAccessDeniedError,
  SecretNotFoundError,
  SecretUnavailableError,
} from "./errors.ts";

/**
 * What to make of a failed call: the code, the names that it has, its class, and what the message says first. Names are those
 * of the wire (AWS and older samples spell several of them with and without "Exception") and the system's codes. The SDK makes
 * generic errors of the names that its model lacks, so the name tells them apart, never the class: a bundle can hold two SDKs.
 * The first line that fits counts.
 */
const faults = [
  ["network", /\bE(CONN|HOST|NET|PIPE)/, SecretUnavailableError, "cannot be reached now"],
  ["dns", /ENOTFOUND|EAI_/, SecretUnavailableError, "cannot be reached now: DNS"],
  ["deadline", /abort|time_?d?out/i, SecretUnavailableError, "did not come in time"],
  ["secret-not-found", /ResourceNotFound/, SecretNotFoundError, "is not here: replicate it"],
  ["secret-deleted", /InvalidRequest/, SecretNotFoundError, "may be scheduled for deletion"],
  [
    "key-access-denied",
    /Decryption|AccessDenied.* kms$/i,
    SecretAccessDeniedError,
    "needs kms:Decrypt on its key",
  ],
  [
    "secret-access-denied",
    /AccessDenied/,
    SecretAccessDeniedError,
    "needs secretsmanager:GetSecretValue",
  ],
  [
    "credentials",
    /Token|Credentials|UnrecognizedClient|IncompleteSignature/,
    CredentialsError,
    "needs valid AWS credentials",
  ],
  ["clock-skew", /Signature|RequestExpired|Skewed/, CredentialsError, "needs a right clock or key"],
  [
    "throttled",
    /Throttl|TooMany|LimitExceeded|SlowDown|429/,
    SecretUnavailableError,
    "is asked for too often",
  ],
  // A broken answer is a SyntaxError.
  ["service-fault", /Internal|Unavailable|Syntax| 5/, SecretUnavailableError, "failed at AWS"],
  // Whatever else AWS refuses: it does not understand the request, or does not know the caller's account there.
  ["configuration", / 4/, ConfigurationError, "was asked for in a way that AWS refuses"],
] as const;

interface WireError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Looked for in the error, in those that it gathers (happy eyeballs) and in its causes. */
function faultOf(error: unknown, depth = 0): (typeof faults)[number] | undefined {
  if (typeof error !== "object" || error === null || depth > 4) return undefined;
  const { name, message, code, cause, errors, $metadata } = error as WireError;
  // The refusals of the secret and of its key have one wire name: only the text tells them apart.
  const key = /\bkms\b/i.exec(String(message));
  // A reset socket is named TimeoutError by the SDK: its code is a witness too, and comes first in the table.
  const witnesses = `${code} ${name} ${$metadata?.httpStatusCode} ${key}`;
  const own = faults.find(([, names]) => names.test(witnesses));
  if (own) return own;
  for (const inner of [errors, cause].flat()) {
    const found = faultOf(inner, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The typed error for what a Secrets Manager call threw. */
export function secretError(thrown: unknown, secretId: string, region: string): AccessError {
  if (thrown instanceof AccessError) return thrown;
  // A broken answer's SyntaxError quotes the answer, which may hold the value: it is shown in no way.
  const shown = thrown instanceof Error && !(thrown instanceof SyntaxError) ? thrown : undefined;
  const [code, , ErrorClass, text] = faultOf(thrown) ?? faults[0];
  const message = `secret ${secretId} in ${region} ${text} (${shown?.message ?? "the answer is not JSON"})`;
  return new (ErrorClass as typeof AccessError)(code, message, shown);
}
