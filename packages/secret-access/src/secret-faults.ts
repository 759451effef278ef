import {
  AccessError,
  ConfigurationError,
  CredentialsError,
  SecretAccessDeniedError,
  SecretNotFoundError,
  SecretUnavailableError,
  type UnavailableCode,
} from "./errors.ts";

type Fault =
  | UnavailableCode
  | "not-found"
  | "deleted"
  | "denied"
  | "key"
  | "credentials"
  | "clock"
  | "request";

/**
 * Wire names, `Exception` removed: AWS and older samples spell several of them in both ways. The SDK makes generic errors of
 * the names that its model lacks, so the name is what tells them apart, never the class (a bundle can hold two SDKs).
 */
const faultOfName: Readonly<Record<string, Fault>> = {
  ResourceNotFound: "not-found",
  InvalidRequest: "deleted",
  InvalidParameter: "request",
  Validation: "request",
  UnknownOperation: "request",
  Serialization: "request",
  AccessDenied: "denied",
  DecryptionFailure: "key",
  InternalServiceError: "service-fault",
  ServiceUnavailable: "service-fault",
  Throttling: "throttled",
  TooManyRequests: "throttled",
  RequestLimitExceeded: "throttled",
  LimitExceeded: "throttled",
  SlowDown: "throttled",
  ExpiredToken: "credentials",
  UnrecognizedClient: "credentials",
  InvalidClientTokenId: "credentials",
  IncompleteSignature: "credentials",
  MissingAuthenticationToken: "credentials",
  CredentialsProviderError: "credentials",
  TokenProviderError: "credentials",
  InvalidSignature: "clock",
  SignatureDoesNotMatch: "clock",
  RequestExpired: "clock",
  RequestTimeTooSkewed: "clock",
  OptInRequired: "request",
  NotAuthorized: "request",
  UnrecognizedRegion: "request",
  AbortError: "deadline",
  TimeoutError: "deadline",
};

const faultOfCode: Readonly<Record<string, Fault>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  ECONNREFUSED: "network",
  ECONNRESET: "network",
  EHOSTUNREACH: "network",
  ENETUNREACH: "network",
  EPIPE: "network",
  ETIMEDOUT: "deadline",
};

interface WireError {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What the error means, looked for in the error, in those that it gathers (happy eyeballs) and in its causes. */
function faultOf(error: unknown, depth = 0): Fault | undefined {
  if (typeof error !== "object" || error === null || depth > 4) return undefined;
  const { name, code, cause, errors, $metadata } = error as WireError;
  const status = $metadata?.httpStatusCode;
  // A reset socket is named TimeoutError by the SDK: its code is the better witness.
  const own =
    faultOfCode[String(code)] ??
    faultOfName[String(name).replace(/Exception$/, "")] ??
    (status === 429
      ? "throttled"
      : status !== undefined && status >= 500
        ? "service-fault"
        : undefined);
  if (own !== undefined) return own;
  for (const inner of Array.isArray(errors) ? [...errors, cause] : [cause]) {
    const found = faultOf(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The typed error for what a Secrets Manager call threw. A broken answer's SyntaxError quotes the answer, which may hold the
 * value: it is not kept as the cause.
 */
export function secretError(thrown: unknown, secretId: string, region: string): AccessError {
  if (thrown instanceof AccessError) return thrown;
  const where = `secret ${secretId} in ${region}`;
  if (thrown instanceof SyntaxError)
    return new SecretUnavailableError(
      "service-fault",
      `Secrets Manager sent an answer that is not JSON for ${where}: a proxy may stand between`,
    );
  const text = thrown instanceof Error ? thrown.message : "unknown failure";
  const fault = faultOf(thrown) ?? "network";
  switch (fault) {
    case "not-found":
      return new SecretNotFoundError(
        "secret-not-found",
        `no ${where}: replicate it to this Region, or correct its name (${text})`,
        thrown,
      );
    case "deleted":
      return new SecretNotFoundError(
        "secret-deleted",
        `${where} cannot be read in its state, it may be scheduled for deletion (${text})`,
        thrown,
      );
    case "key":
      return new SecretAccessDeniedError("key-access-denied", keyMessage(where, text), thrown);
    case "denied":
      // Both refusals have one wire name: only the text of the message tells the key's from the secret's.
      return /\bkms\b/i.test(text)
        ? new SecretAccessDeniedError("key-access-denied", keyMessage(where, text), thrown)
        : new SecretAccessDeniedError(
            "secret-access-denied",
            `no permission to read ${where}: allow secretsmanager:GetSecretValue (${text})`,
            thrown,
          );
    case "credentials":
      return new CredentialsError(
        "credentials",
        `AWS credentials are missing or no longer valid for ${where} (${text})`,
        thrown,
      );
    case "clock":
      return new CredentialsError(
        "clock-skew",
        `AWS refused the signature of the request for ${where}: check the clock and the keys (${text})`,
        thrown,
      );
    case "request":
      return new ConfigurationError(`Secrets Manager refused the request for ${where} (${text})`, {
        cause: thrown,
      });
    default:
      return new SecretUnavailableError(fault, `cannot read ${where}: ${fault} (${text})`, thrown);
  }
}

const keyMessage = (where: string, text: string): string =>
  `no permission to use the KMS key of ${where}: allow kms:Decrypt on this Region's key (${text})`;
