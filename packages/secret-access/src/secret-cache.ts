import { type AccessError, SecretAccessDeniedError, SecretNotFoundError } from "./errors.ts";
import type { SecretVersion } from "./secret-version.ts";
import type { VersionSelector } from "./secrets-manager-client.ts";

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
  readonly wanted: VersionSelector;
  version: SecretVersion<Value> | undefined;
  /** The version as a settled promise from the first hit on, so that no further hit makes anything new. */
  answer: Promise<SecretVersion<Value>> | undefined;
  freshMillis = 0;
  failure: Failure | undefined;
  /** Aborts `reading`. */
  call: AbortController | undefined;
  reading: Promise<SecretVersion<Value>> | undefined;

  constructor(wanted: VersionSelector) {
    this.wanted = wanted;
  }
}

interface Failure {
  readonly error: AccessError;
  readonly at: number;
  /** For so long nobody asks again. */
  readonly pauseMillis: number;
  /** Of the first refusal in a row: no permission, or no such secret. */
  readonly refusedSince: number | undefined;
}

/** Shields a running application from a wrong policy that is put right at once; a revocation acts when it has passed. */
const refusedGraceMillis = 60_000;
const firstPauseMillis = 250;
const longestPauseMillis = 10_000;
/** The longest for an absent stage, which appears at any moment: AWSPENDING when a rotation begins. */
const absentPauseMillis = 1_000;

/** Wall clock: a function that was frozen wakes up with older values. Not a number while nothing is known, so no bound holds. */
const ageOf = ({ version }: CacheEntry<unknown>, now: number): number =>
  now - (version?.readAt as number);

/** A clock that was set back makes every age doubtful, so that nothing is fresh. */
export function isFresh(entry: CacheEntry<unknown>, now: number): boolean {
  const age = ageOf(entry, now);
  return age >= 0 && age < entry.freshMillis;
}

/** True while the old value may stand in for a newer one. No bound is passed while nothing was refused (not a number). */
export const isUsable = (entry: CacheEntry<unknown>, now: number, times: SecretTimes): boolean =>
  Math.abs(ageOf(entry, now)) <= times.maximumStaleMillis &&
  !(now - (entry.failure?.refusedSince as number) > refusedGraceMillis);

/** The last failure's error, while it is too early to ask again. */
export const recentError = (
  { failure }: CacheEntry<unknown>,
  now: number,
): AccessError | undefined =>
  failure && Math.abs(now - failure.at) < failure.pauseMillis ? failure.error : undefined;

/** True while the old value is answered at once: it is not much older than usual, or asking again would be too early. */
export const standsIn = (entry: CacheEntry<unknown>, now: number, times: SecretTimes): boolean =>
  isUsable(entry, now, times) &&
  (Math.abs(ageOf(entry, now)) <= 2 * times.timeToLiveMillis || Boolean(recentError(entry, now)));

/** Up to a fifth less, so that processes that started together do not ask in step. */
const spread = (millis: number): number => Math.floor(millis * (1 - Math.random() / 5));

export function keepVersion<Value>(
  entry: CacheEntry<Value>,
  version: SecretVersion<Value>,
  times: SecretTimes,
): void {
  entry.version = version;
  entry.answer = entry.failure = undefined;
  entry.freshMillis = spread(times.timeToLiveMillis);
}

/** Doubles the pause with every failure in a row, so that an outage is not made worse by its readers. */
export function keepFailure(entry: CacheEntry<unknown>, error: AccessError, now: number): void {
  const before = entry.failure;
  const absent = error instanceof SecretNotFoundError;
  const pause = before ? 2 * before.pauseMillis : firstPauseMillis;
  entry.failure = {
    error,
    at: now,
    pauseMillis: spread(Math.min(pause, absent ? absentPauseMillis : longestPauseMillis)),
    refusedSince:
      absent || error instanceof SecretAccessDeniedError
        ? (before?.refusedSince ?? now)
        : undefined,
  };
}
