import type { Finding } from "./finding.ts";

/** Base of what the commands throw, by what the caller must do. The message says what failed and why, `next` what to type. */
export class RecoveryError extends Error {
  override readonly name: string = "RecoveryError";
  readonly next: readonly string[];

  constructor(message: string, next: readonly string[] = [], options?: ErrorOptions) {
    super(message, options);
    this.next = next;
  }
}

/** A mistake of the person or the configuration: nothing was touched. Exit code 2. */
export class UsageError extends RecoveryError {
  override readonly name = "UsageError";
}

/** A safety check says no: nothing was changed. Exit code 3. */
export class RefusedError extends RecoveryError {
  override readonly name = "RefusedError";
  readonly findings: readonly Finding[];

  constructor(message: string, findings: readonly Finding[], next: readonly string[] = []) {
    super(message, next);
    this.findings = findings;
  }
}

/** Done, and not confirmed: promoted, and DNS not moved, or the program not in line yet. The same command goes on there. Exit code 4. */
export class UnconfirmedError extends RecoveryError {
  override readonly name = "UnconfirmedError";
}
