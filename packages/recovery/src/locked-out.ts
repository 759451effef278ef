import type { ProbeFailure } from "@standby/topology";
import { RecoveryError } from "./errors.ts";

/**
 * No password that the Region's secret still has opens the database: it was left behind, and the password was rotated since. Nothing
 * of it can be asked until somebody gives its master user a new password, which is RDS's to give.
 */
export class LockedOutError extends RecoveryError {
  override readonly name = "LockedOutError";
}

/** ER_ACCESS_DENIED_ERROR. With any other number the user was let in, and lacks a right. */
const refusedLogin = 1045;

export const isLockedOut = ({ code, errno = refusedLogin }: ProbeFailure): boolean =>
  code === "access-denied" && errno === refusedLogin;
