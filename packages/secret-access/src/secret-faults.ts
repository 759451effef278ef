import {
  AccessError,
  ConfigurationError,
  CredentialsError,
  SecretAccessDeniedError,
  SecretNotFoundError,
  SecretUnavailableError,
} from "./errors.ts";

/** What to make of a failed call: the class of its error, the code, and what the message says first. */
const faults = {
  "secret-not-found": [
    SecretNotFoundError,
    "is not in this Region: replicate it, or correct its name",
  ],
  "secret-deleted": [
    SecretNotFoundError,
    "cannot be read in its state, it may be scheduled for deletion",
  ],
  "secret-access-denied": [
    SecretAccessDeniedError,
    "may not be read: allow secretsmanager:GetSecretValue",
  ],
  "key-access-denied": [
    SecretAccessDeniedError,
    "cannot be decrypted: allow kms:Decrypt on this Region's key",
  ],
  credentials: [CredentialsError, "needs valid AWS credentials: they are missing or expired"],
  "clock-skew": [
    CredentialsError,
    "was asked for with a wrong signature: check the clock and the keys",
  ],
  configuration: [ConfigurationError, "was asked for in a way that Secrets Manager refuses"],
  throttled: [SecretUnavailableError, "cannot be read now: too many requests"],
  "service-fault": [SecretUnavailableError, "cannot be read now: Secrets Manager is at fault"],
  network: [SecretUnavailableError, "cannot be read now: no connection to Secrets Manager"],
  dns: [SecretUnavailableError, "cannot be read now: the endpoint's name cannot be resolved"],
  deadline: [SecretUnavailableError, "cannot be read now: no answer in time"],
} as const;

type FaultCode = keyof typeof faults;

/**
 * Wire names (`Exception` removed: AWS and older samples spell several of them in both ways) and the system's codes. The SDK
 * makes generic errors of the names that its model lacks, so the name tells them apart, never the class: a bundle can hold
 * two SDKs.
 */
const names: Readonly<Partial<Record<FaultCode, string>>> = {
  "secret-not-found": "ResourceNotFound",
  "secret-deleted": "InvalidRequest",
  "secret-access-denied": "AccessDenied",
  "key-access-denied": "DecryptionFailure",
  credentials:
    "ExpiredToken UnrecognizedClient InvalidClientTokenId IncompleteSignature MissingAuthenticationToken CredentialsProviderError TokenProviderError",
  "clock-skew": "InvalidSignature SignatureDoesNotMatch RequestExpired RequestTimeTooSkewed",
  configuration:
    "InvalidParameter Validation UnknownOperation Serialization OptInRequired NotAuthorized UnrecognizedRegion",
  throttled: "Throttling TooManyRequests RequestLimitExceeded LimitExceeded SlowDown",
  "service-fault": "InternalServiceError ServiceUnavailable SyntaxError",
  network: "ECONNREFUSED ECONNRESET EHOSTUNREACH ENETUNREACH EPIPE",
  dns: "ENOTFOUND EAI_AGAIN",
  deadline: "AbortError TimeoutError ETIMEDOUT",
};

const codeOfName: ReadonlyMap<string, FaultCode> = new Map(
  (Object.keys(names) as FaultCode[]).flatMap((code) =>
    (names[code] ?? "").split(" ").map((name) => [name, code] as const),
  ),
);

interface WireError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Looked for in the error, in those that it gathers (happy eyeballs) and in its causes. */
function faultCode(error: unknown, depth = 0): FaultCode | undefined {
  if (typeof error !== "object" || error === null || depth > 4) return undefined;
  const { name, code, cause, errors, $metadata } = error as WireError;
  const status = $metadata?.httpStatusCode ?? 0;
  const byStatus = status === 429 ? "throttled" : status >= 500 ? "service-fault" : undefined;
  // A reset socket is named TimeoutError by the SDK: its code is the better witness.
  const own =
    codeOfName.get(String(code)) ??
    codeOfName.get(String(name).replace(/Exception$/, "")) ??
    byStatus;
  if (own) return own;
  for (const inner of Array.isArray(errors) ? [...errors, cause] : [cause]) {
    const found = faultCode(inner, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The typed error for what a Secrets Manager call threw. */
export function secretError(thrown: unknown, secretId: string, region: string): AccessError {
  if (thrown instanceof AccessError) return thrown;
  let code = faultCode(thrown) ?? "network";
  // A broken answer's SyntaxError quotes the answer, which may hold the value: it is shown in no way.
  const shown = thrown instanceof Error && !(thrown instanceof SyntaxError) ? thrown : undefined;
  // The refusals of the secret and of its key have one wire name: only the text tells them apart.
  if (code === "secret-access-denied" && /\bkms\b/i.test(shown?.message ?? ""))
    code = "key-access-denied";
  const [ErrorClass, text] = faults[code];
  const message = `secret ${secretId} in ${region} ${text} (${shown?.message ?? "the answer is not JSON"})`;
  return new (ErrorClass as typeof AccessError)(code, message, shown);
}
