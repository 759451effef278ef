import { RefusedError } from "./errors.ts";
import { problemOf } from "./seen.ts";

/**
 * Before anything is changed, credentials that AWS does not take are no fault of the pair: one sentence says so. Everything else is
 * thrown as it is.
 */
export function throwDenial(error: unknown): never {
  const { kind, message } = problemOf("AWS", error);
  if (kind !== "denied") throw error;
  throw new RefusedError(
    `The credentials have expired, are of nobody, or may not do this (${message}): nothing was changed.`,
    [],
    ["aws sts get-caller-identity", "aws sso login", "then the same command again"],
  );
}
