/**
 * Every error of this package, one class for each thing that a caller can do about it. `code` is stable and says the cause;
 * no message, property or cause ever holds a value of a secret.
 */
export abstract class AccessError extends Error {
  abstract readonly code: string;
  /** True when the same call can succeed later without anybody changing anything. */
  abstract readonly retryable: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.errorName;
  }

  /** Kept as text: a minifier shortens the name of a class. */
  protected static readonly errorName: string = "AccessError";
}

/** Fix the environment or the options: nothing was tried. */
export class ConfigurationError extends AccessError {
  protected static override readonly errorName = "ConfigurationError";
  readonly code = "configuration";
  readonly retryable = false;
}

/** Create or replicate the secret: this Region has no such secret, or no version with the stage. */
export class SecretNotFoundError extends AccessError {
  protected static override readonly errorName = "SecretNotFoundError";
  readonly retryable = false;
  readonly code: "secret-not-found" | "secret-deleted";
  constructor(code: "secret-not-found" | "secret-deleted", message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Grant the permission: on the secret, or on the KMS key of this Region's copy (`key-access-denied`). */
export class SecretAccessDeniedError extends AccessError {
  protected static override readonly errorName = "SecretAccessDeniedError";
  readonly retryable = false;
  readonly code: "secret-access-denied" | "key-access-denied";
  constructor(
    code: "secret-access-denied" | "key-access-denied",
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.code = code;
  }
}

export type UnavailableCode = "throttled" | "service-fault" | "network" | "dns" | "deadline";

/** Try again later: Secrets Manager did not answer, or refuses for now. */
export class SecretUnavailableError extends AccessError {
  protected static override readonly errorName = "SecretUnavailableError";
  readonly retryable = true;
  readonly code: UnavailableCode;
  constructor(code: UnavailableCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Give the process valid AWS credentials, or set its clock (`clock-skew`). */
export class CredentialsError extends AccessError {
  protected static override readonly errorName = "CredentialsError";
  readonly retryable = false;
  readonly code: "credentials" | "clock-skew";
  constructor(code: "credentials" | "clock-skew", message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Correct the secret's value: `keys` are at fault. */
export class MalformedSecretError extends AccessError {
  protected static override readonly errorName = "MalformedSecretError";
  readonly code = "malformed-secret";
  readonly retryable = false;
  readonly keys: readonly string[];
  constructor(message: string, keys: readonly string[]) {
    super(message);
    this.keys = keys;
  }
}

export type ConnectPhase =
  | "reading the secret"
  | "resolving the host"
  | "connecting"
  | "waiting for a free connection";

/** Try again later: no connection to the database, so nothing was sent. */
export class DatabaseUnreachableError extends AccessError {
  protected static override readonly errorName = "DatabaseUnreachableError";
  readonly code = "database-unreachable";
  readonly retryable = true;
  readonly phase: ConnectPhase;
  constructor(phase: ConnectPhase, message: string, cause?: unknown) {
    super(message, { cause });
    this.phase = phase;
  }
}

/** Look at the CNAME and the certificate before anything else: the server is not one of the allowed databases. */
export class DatabaseIdentityError extends AccessError {
  protected static override readonly errorName = "DatabaseIdentityError";
  readonly code = "database-identity";
  readonly retryable = false;
}

/** Compare the secret with the database's user: no version of the secret is accepted. */
export class DatabaseAccessDeniedError extends AccessError {
  protected static override readonly errorName = "DatabaseAccessDeniedError";
  readonly code = "database-access-denied";
  readonly retryable = true;
  /** The server's number, such as 1045. */
  readonly errno: number;
  constructor(message: string, errno: number) {
    super(message);
    this.errno = errno;
  }
}

/** The statement was sent and no answer came in time: it may or may not have been applied. The connection is closed. */
export class QueryDeadlineError extends AccessError {
  protected static override readonly errorName = "QueryDeadlineError";
  readonly code = "query-deadline";
  readonly retryable = false;
}

/** Send the same work again only when doing it twice does no harm: the commit was sent and its answer was lost. */
export class OutcomeUnknownError extends AccessError {
  protected static override readonly errorName = "OutcomeUnknownError";
  readonly code = "outcome-unknown";
  readonly retryable = false;
}
