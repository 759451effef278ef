import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
} from "@aws-sdk/client-secrets-manager";
import { withDeadline } from "./deadline.ts";
import {
  AccessError,
  ConfigurationError,
  CredentialsError,
  MalformedSecretError,
} from "./errors.ts";
import {
  CacheEntry,
  isFresh,
  isUsable,
  keepFailure,
  keepVersion,
  recentError,
  type SecretTimes,
  standsIn,
} from "./secret-cache.ts";
import { asJson, type SecretDecoder } from "./secret-decoders.ts";
import { type AccessEvent, accessEvents } from "./secret-events.ts";
import { secretError } from "./secret-faults.ts";
import { defaultTimes, placedId, type SecretReaderOptions } from "./secret-reader-options.ts";
import { SecretVersion } from "./secret-version.ts";
import {
  createSecretsClient,
  current,
  currentStage,
  keyOf,
  onlyCurrent,
  type SecretAnswer,
  type SecretsClient,
  type VersionSelector,
} from "./secrets-manager-client.ts";

/** How long a caller waits for a newer value while an old one is at hand. */
const staleWaitMillis = 1_000;

/** Version ids are without end, stages are few: when there are more, all are forgotten but AWSCURRENT. */
const maximumEntries = 16;

/**
 * Reads one secret from its own Region's copy and keeps it: one call for any number of callers, an old value while a new one
 * is read or cannot be had, and a bound on both. Errors are kept for a moment as well, so that an outage costs a few calls a
 * second and not one for each request.
 *
 * @example
 * const apiKey = new SecretReader({ secretId: "orders-prod/payment-api-key", region: "us-west-2", decode: asText });
 */
export class SecretReader<Value = unknown> {
  readonly #secretId: string;
  readonly #region: string;
  readonly #otherRegion: string | undefined;
  readonly #decode: SecretDecoder<Value>;
  readonly #times: SecretTimes;
  readonly #now: () => number;
  readonly #isOwnClient: boolean;
  /** The own one is made at the first call: a module that creates a reader loads fast. */
  #client: SecretsClient | undefined;
  #current = new CacheEntry<Value>(current);
  #others: Map<string, CacheEntry<Value>> | undefined;
  /** Why no call works any more. */
  #closed: AccessError | undefined;

  /** @throws ConfigurationError when Region and secret do not fit. */
  constructor(options: SecretReaderOptions<Value>) {
    const { secretId, region, otherRegion, times } = options;
    this.#region = otherRegion ?? region;
    this.#secretId = placedId(secretId, region, this.#region);
    this.#otherRegion = otherRegion;
    this.#decode = options.decode ?? (asJson as SecretDecoder<Value>);
    this.#times = times ? { ...defaultTimes, ...times } : defaultTimes;
    this.#now = options.now ?? Date.now;
    this.#client = options.client;
    this.#isOwnClient = !this.#client;
  }

  /**
   * The version with the stage AWSCURRENT, or the one asked for.
   *
   * @throws AccessError when there is no value that may be used, see `errors.ts`.
   */
  get(selector?: VersionSelector): Promise<SecretVersion<Value>> {
    const entry = selector ? this.#entry(selector) : this.#current;
    // Without an old value there is nothing to weigh: all callers share the one promise of the read.
    if (!entry.version) return this.#read(entry);
    if (!isFresh(entry, this.#now())) return this.#getSlowly(entry);
    if (accessEvents.hasSubscribers) this.#tell("hit", entry);
    entry.answer ??= Promise.resolve(entry.version);
    return entry.answer;
  }

  /** The value that `get` would answer at once, or undefined: never reads, never waits. */
  peek(selector?: VersionSelector): SecretVersion<Value> | undefined {
    const entry = selector ? this.#known(selector) : this.#current;
    const now = this.#now();
    return entry && (isFresh(entry, now) || standsIn(entry, now, this.#times))
      ? entry.version
      : undefined;
  }

  /**
   * Reads now although the kept value is fresh; any number of callers share one call. Call it when a server refuses the value.
   *
   * @throws AccessError when the read fails, or has just failed: the kept value stays.
   */
  refresh(selector = current): Promise<SecretVersion<Value>> {
    return this.#read(this.#entry(selector));
  }

  /** Starts the first read without waiting for it; a failure is told by the next `get`. */
  warmUp(): void {
    this.get().catch(() => {});
  }

  /** Ends the reader: no call works any more, and its own client's sockets are closed. */
  close(): void {
    this.#closed = new ConfigurationError("configuration", "the reader is closed");
    for (const entry of [this.#current, ...(this.#others?.values() ?? [])])
      entry.call?.abort(this.#closed);
    this.#current = new CacheEntry(current);
    this.#others = undefined;
    if (this.#isOwnClient) this.#client?.destroy();
  }

  /** A newer value; or the old one, while that is young, or when the newer one cannot be had in time. */
  async #getSlowly(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    const reading = this.#read(entry);
    if (standsIn(entry, this.#now(), this.#times)) reading.catch(() => {});
    else
      try {
        return await withDeadline(reading, staleWaitMillis, Error);
      } catch {
        if (!isUsable(entry, this.#now(), this.#times)) return reading;
      }
    this.#tell("stale", entry);
    return entry.version as SecretVersion<Value>;
  }

  #read(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    const error = this.#closed ?? recentError(entry, this.#now());
    if (error) return Promise.reject(error);
    entry.reading ??= this.#readOnce(entry);
    return entry.reading;
  }

  async #readOnce(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    try {
      const version = await this.#fetch(entry);
      keepVersion(entry, version, this.#times);
      this.#tell(this.#otherRegion ? "other-region" : "refresh", entry);
      return version;
    } catch (thrown) {
      const error = shownError(thrown);
      keepFailure(entry, error, this.#now());
      this.#tell("error", entry, error.code);
      throw error;
    } finally {
      entry.reading = entry.call = undefined;
    }
  }

  async #fetch(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    const call = new AbortController();
    entry.call = call;
    const { versionId, versionStage } = entry.wanted;
    const { deadlineMillis } = this.#times;
    const output = await withDeadline(
      this.#send(
        new GetSecretValueCommand({
          SecretId: this.#secretId,
          VersionId: versionId,
          VersionStage: versionStage,
        }),
        call.signal,
      ),
      deadlineMillis,
      () => {
        const error = this.#typed(new DOMException(`${deadlineMillis} ms`, "TimeoutError"));
        call.abort(error);
        return error;
      },
    );
    const { ARN, VersionId, VersionStages, SecretString, SecretBinary } = output as SecretAnswer;
    const value = await this.#decode(SecretString ?? SecretBinary);
    return new SecretVersion(
      {
        arn: ARN,
        versionId: VersionId,
        versionStages: String(VersionStages) === currentStage ? onlyCurrent : VersionStages,
        readAt: this.#now(),
        otherRegion: this.#otherRegion,
      },
      value,
    );
  }

  /** When the session has expired, a new client asks for new credentials: the SDK keeps those that it has. */
  async #send(
    command: GetSecretValueCommand,
    abortSignal: AbortSignal,
    mayRenew = this.#isOwnClient,
  ): Promise<GetSecretValueCommandOutput> {
    this.#client ??= createSecretsClient(this.#region);
    const client = this.#client;
    try {
      return await client.send(command, { abortSignal });
    } catch (thrown) {
      const error = this.#typed(abortSignal.reason ?? thrown);
      if (!mayRenew || !(error instanceof CredentialsError)) throw error;
      client.destroy();
      this.#client = undefined;
      return this.#send(command, abortSignal, false);
    }
  }

  #typed(error: unknown): AccessError {
    return secretError(error, this.#secretId, this.#region);
  }

  #known(selector: VersionSelector): CacheEntry<Value> | undefined {
    const key = keyOf(selector);
    return key === currentStage ? this.#current : this.#others?.get(key);
  }

  #entry(selector: VersionSelector): CacheEntry<Value> {
    let entry = this.#known(selector);
    if (!entry) {
      entry = new CacheEntry<Value>(selector);
      if (!this.#others || this.#others.size >= maximumEntries) this.#others = new Map();
      this.#others.set(keyOf(selector), entry);
    }
    return entry;
  }

  #tell(type: AccessEvent["type"], { wanted }: CacheEntry<Value>, code?: string): void {
    accessEvents.publish({
      type,
      subject: this.#secretId,
      version: wanted.versionId ?? wanted.versionStage,
      code,
      otherRegion: this.#otherRegion,
    } satisfies AccessEvent);
  }
}

/** An unknown error is not kept as the cause: it is a decoder's and may quote the value. */
const shownError = (thrown: unknown): AccessError =>
  thrown instanceof AccessError ? thrown : new MalformedSecretError("the secret cannot be decoded");
