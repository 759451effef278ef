/**
 * Every error of this package, one class for each thing that a caller can do about it. `code` is stable and says the cause;
 * no message, property or cause ever holds a value of a secret.
 *
 * @example
 * try {
 *   await pool.query("SELECT 1");
 * } catch (error) {
 *   if (error instanceof DatabaseUnreachableError) return { status: 503, code: error.code };
 *   throw error;
 * }
 */
export class AccessError<Code extends string = string> extends Error {
  declare readonly code: Code;

  constructor(code: Code, message: string, cause?: unknown) {
    super(message, cause ? { cause } : undefined);
    // The code stands in the name as in Node's own errors: a minifier would shorten the name of a class.
    this.name = `AccessError [${code}]`;
    this.code = code;
  }
}

/** Fix the environment or the options: nothing was tried, or AWS does not know the request. */
export class ConfigurationError extends AccessError<"configuration"> {}

/** Create or replicate the secret: this Region has no such secret, or no version with the stage. */
export class SecretNotFoundError extends AccessError<"secret-not-found" | "secret-deleted"> {}

/** Grant the permission: on the secret, or on the KMS key of this Region's copy (`key-access-denied`). */
export class SecretAccessDeniedError extends AccessError<
  "secret-access-denied" | "key-access-denied"
> {}

/** Try again later: Secrets Manager did not answer, or refuses for now. */
export class SecretUnavailableError extends AccessError<
  "throttled" | "service-fault" | "network" | "dns" | "deadline"
> {}

/** Give the process valid AWS credentials, or set its clock (`clock-skew`). */
export class CredentialsError extends AccessError<"credentials" | "clock-skew"> {}

/** Correct the secret's value: `keys` are at fault. */
export class MalformedSecretError extends AccessError<"malformed-secret"> {
  declare readonly keys: readonly string[];

  /** Without keys it is the value as a whole that is at fault. */
  constructor(message: string, keys: readonly string[] = ["(value)"]) {
    super("malformed-secret", message);
    this.keys = keys;
  }
}

/** How far a connection had come when its time was over or it failed. */
export type ConnectPhase =
  | "reading the secret"
  | "resolving the host"
  | "connecting"
  | "waiting for a free connection";

/** Try again later: no connection to the database, so nothing was sent. */
export class DatabaseUnreachableError extends AccessError<"database-unreachable"> {
  readonly phase: ConnectPhase;

  constructor(phase: ConnectPhase, message: string, cause?: unknown) {
    super("database-unreachable", message, cause);
    this.phase = phase;
  }
}

/** Look at the CNAME and the certificate before anything else: the server is not one of the allowed databases. */
export class DatabaseIdentityError extends AccessError<"database-identity"> {}

/**
 * Compare the secret with the database's user: no version of the secret is accepted (ER_ACCESS_DENIED_ERROR, 1045), or the
 * user is locked, expired or without the right, which the cause says.
 */
export class DatabaseAccessDeniedError extends AccessError<"database-access-denied"> {}

/** The statement was sent and no answer came in time: it may or may not have been applied. The connection is closed. */
export class QueryDeadlineError extends AccessError<"query-deadline"> {}

/** Send the same work again only when doing it twice does no harm: the commit was sent and its answer was lost. */
export class OutcomeUnknownError extends AccessError<"outcome-unknown"> {}
