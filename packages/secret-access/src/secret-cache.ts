import { type AccessError, SecretAccessDeniedError, SecretNotFoundError } from "./errors.ts";
import type { SecretVersion } from "./secret-version.ts";

/** How long a kept value is used, in normal times and while it cannot be read again. */
export interface SecretTimes {
  /** A value is used without asking for this long, less up to a fifth so that readers do not ask in step. */
  readonly timeToLiveMillis: number;
  /** How old a value may become while Secrets Manager cannot be read. */
  readonly maximumStaleMillis: number;
  /** One whole read, retries included. */
  readonly deadlineMillis: number;
}

/**
 * What is known of one version of a secret: a stage or a version id, never shared with another. Every field is there from the
 * start: an object that changes its form is slow to read, and this one is read for every request.
 */
export class CacheEntry<Value> {
  version: SecretVersion<Value> | undefined = undefined;
  /** The version as a settled promise, so that a hit makes nothing new. */
  answer: Promise<SecretVersion<Value>> | undefined = undefined;
  /** A hit lies between the two: a clock that was set back ends it. */
  freshFrom = 0;
  freshUntil = 0;
  failure: Failure | undefined = undefined;
  reading: Promise<SecretVersion<Value>> | undefined = undefined;
}

interface Failure {
  readonly error: AccessError;
  /** Of the first refusal in a row: no permission, or no such secret. */
  readonly refusedSince: number | undefined;
  readonly failedAt: number;
  readonly retryAt: number;
  readonly count: number;
}

/** Shields a running application from a wrong policy that is put right at once; a revocation acts when it has passed. */
const refusedGraceMillis = 60_000;
const [firstRetryMillis, longestRetryMillis] = [250, 10_000];
/** An absent stage appears at any moment: AWSPENDING when a rotation begins. */
const absentRetryMillis = 1_000;

export type CacheVerdict =
  /** Fresh: use it. */
  | "hit"
  /** Use the old value and read in the background. */
  | "revalidate"
  /** Use the old value, it is too early to ask again. */
  | "stale"
  /** Read now; the old value may stand in. */
  | "wait"
  /** Read now: there is nothing to use. */
  | "read"
  /** Nothing to use, and too early to ask again: the last error once more. */
  | "refused";

/** True while it is too early to ask again after a failure. */
export const isBackingOff = (
  entry: CacheEntry<unknown>,
  now: number,
): entry is CacheEntry<unknown> & { failure: Failure } =>
  entry.failure !== undefined && now < entry.failure.retryAt && now >= entry.failure.failedAt;

/** Wall clock: a function that was frozen for an hour wakes up with an hour older values. */
export function judgeEntry(
  entry: CacheEntry<unknown>,
  now: number,
  times: SecretTimes,
): CacheVerdict {
  const { version, failure } = entry;
  if (now < entry.freshUntil && now >= entry.freshFrom) return "hit";
  // A clock that was set back makes every age doubtful: the distance counts.
  const age = version ? Math.abs(now - version.readAt) : Number.POSITIVE_INFINITY;
  const graceOver =
    failure?.refusedSince !== undefined && now - failure.refusedSince > refusedGraceMillis;
  const usable = age <= times.maximumStaleMillis && !graceOver;
  if (isBackingOff(entry, now)) return usable ? "stale" : "refused";
  if (!usable) return "read";
  return age <= 2 * times.timeToLiveMillis ? "revalidate" : "wait";
}

export function keepVersion<Value>(
  entry: CacheEntry<Value>,
  version: SecretVersion<Value>,
  times: SecretTimes,
  random: number,
): void {
  entry.version = version;
  entry.answer = Promise.resolve(version);
  entry.freshFrom = version.readAt;
  entry.freshUntil = version.readAt + times.timeToLiveMillis * (1 - random / 5);
  entry.failure = undefined;
}

/** Doubles the time to the next call with every failure in a row, so that an outage is not made worse by its readers. */
export function keepFailure(
  entry: CacheEntry<unknown>,
  error: AccessError,
  now: number,
  random: number,
): void {
  const before = entry.failure;
  const count = (before?.count ?? 0) + 1;
  const absent = error instanceof SecretNotFoundError;
  const refused = absent || error instanceof SecretAccessDeniedError;
  const wait = absent
    ? absentRetryMillis
    : Math.min(longestRetryMillis, firstRetryMillis * 2 ** (count - 1));
  entry.failure = {
    error,
    count,
    refusedSince: refused ? (before?.refusedSince ?? now) : undefined,
    failedAt: now,
    retryAt: now + wait * (1 - random / 5),
  };
}
