/** Nothing was changed, and a retry changes nothing either until what the message says is so. */
export class RotationRefusedError extends Error {
  override readonly name = "RotationRefusedError";
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type RefusalCode =
  /** The event is none of Secrets Manager's, or of a secret that this function does not rotate. */
  | "not-ours"
  /** The secret is a copy, is deleted, or has no such version. */
  | "not-this-secret"
  /** The CNAME leads to a database of another Region, or to none of ours. */
  | "not-this-region"
  /** The database takes no writes, or replicates from another one. */
  | "not-a-writer"
  /** A copy of the secret does not hold the new version yet. */
  | "copies-behind"
  /** The admin secret has no value, or the application still uses it. */
  | "not-bootstrapped"
  /** The value is not one that this rotation has made. */
  | "unexpected-value"
  /** The database refuses every version that could be used. */
  | "login-refused"
  /** A rotation has begun and not ended. */
  | "rotation-unfinished";

/** A statement that the server refused. Only its number: the driver's own error holds the statement, with the password. */
export class StatementFailedError extends Error {
  override readonly name = "StatementFailedError";
  readonly errno: number;

  constructor(purpose: string, errno: number, code: string) {
    super(`${purpose} failed: the server answered ${errno} (${code})`);
    this.errno = errno;
  }
}
