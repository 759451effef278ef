import { regionOfArn, regionPattern } from "@standby/topology";
import { withDeadline } from "./deadline.ts";
import { AccessError, ConfigurationError, MalformedSecretError } from "./errors.ts";
import {
  CacheEntry,
  isFresh,
  isUsable,
  isYoung,
  keepFailure,
  keepVersion,
  recentFailure,
  type SecretTimes,
} from "./secret-cache.ts";
import { asJson, type SecretDecoder } from "./secret-decoders.ts";
import { type AccessEvent, accessEvents } from "./secret-events.ts";
import { SecretVersion } from "./secret-version.ts";
import {
  currentStage,
  type SecretsClient,
  SecretsManagerSource,
  type VersionSelector,
} from "./secrets-manager-client.ts";

/** Which secret to read, from which Region, as what. */
export interface SecretReaderOptions<Value> {
  /** Name or full ARN. An ARN of another Region is refused: a reader never leaves its Region. */
  readonly secretId: string;
  readonly region: string;
  /**
   * Reads the copy of this other Region in the place of the own one, and marks every version and event with it. Nothing is
   * read from another Region unless it is asked for here: a copy there may be older, and its Region is the one to be lost.
   */
  readonly otherRegion?: string;
  /** `asJson` (default), `asJsonOf(schema)`, `asText`, `asBinary`, or one of your own. */
  readonly decode?: SecretDecoder<Value>;
  /** Default: 5 minutes to live, 1 hour at most while Secrets Manager cannot be read, 3 seconds for one read. */
  readonly times?: Partial<SecretTimes>;
  /** Default: a client of the Region that is read, with timeouts that fire. A client given here is not closed by `close()`. */
  readonly client?: SecretsClient;
  /** Milliseconds since the epoch. Default: the wall clock. */
  readonly now?: () => number;
}

const defaultTimes: SecretTimes = {
  timeToLiveMillis: 300_000,
  maximumStaleMillis: 3_600_000,
  deadlineMillis: 3_000,
};

const current: VersionSelector = { versionStage: currentStage };

/** Nearly every version has this one stage alone: one list serves them all. */
const onlyCurrent: readonly string[] = [currentStage];

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
 * const reader = new SecretReader({ secretId: "orders-prod/api-key", region: "us-west-2", decode: asText });
 * const { value, versionId } = await reader.get();
 */
export class SecretReader<Value = unknown> {
  readonly #secretId: string;
  readonly #otherRegion: string | undefined;
  readonly #decode: SecretDecoder<Value>;
  readonly #times: SecretTimes;
  readonly #now: () => number;
  readonly #source: SecretsManagerSource;
  #current = new CacheEntry<Value>(current);
  #others: Map<string, CacheEntry<Value>> | undefined;
  #closed = false;

  /** @throws ConfigurationError when Region and secret do not fit. */
  constructor(options: SecretReaderOptions<Value>) {
    const { secretId, region, otherRegion, times } = options;
    const place = otherRegion ?? region;
    checkPlace(secretId, region, place);
    // The copies of a secret have one ARN but for the Region.
    this.#secretId = secretId.replace(`:${region}:`, `:${place}:`);
    this.#otherRegion = otherRegion;
    this.#decode = options.decode ?? (asJson as SecretDecoder<Value>);
    this.#times = times ? { ...defaultTimes, ...times } : defaultTimes;
    this.#now = options.now ?? Date.now;
    this.#source = new SecretsManagerSource(place, options.client);
  }

  /**
   * The version with the stage AWSCURRENT, or the one asked for.
   *
   * @throws AccessError when there is no value that may be used, see `errors.ts`.
   */
  get(selector?: VersionSelector): Promise<SecretVersion<Value>> {
    const entry = selector ? this.#entry(selector) : this.#current;
    if (!isFresh(entry, this.#now())) return this.#getSlowly(entry);
    if (accessEvents.hasSubscribers) this.#tell("hit", entry);
    entry.answer ??= Promise.resolve(entry.version as SecretVersion<Value>);
    return entry.answer;
  }

  /** The value that `get` would answer at once, or undefined: never reads, never waits. */
  peek(selector?: VersionSelector): SecretVersion<Value> | undefined {
    const entry = selector ? this.#known(selector) : this.#current;
    const now = this.#now();
    if (entry === undefined || isFresh(entry, now)) return entry?.version;
    const atOnce = isYoung(entry, now, this.#times) || recentFailure(entry, now);
    return atOnce && isUsable(entry, now, this.#times) ? entry.version : undefined;
  }

  /**
   * Reads now although the kept value is fresh; any number of callers share one call. Call it when a server refuses the value.
   *
   * @throws AccessError when the read fails, or has just failed: the kept value stays.
   */
  async refresh(selector?: VersionSelector): Promise<SecretVersion<Value>> {
    const entry = selector ? this.#entry(selector) : this.#current;
    const failure = recentFailure(entry, this.#now());
    if (failure) throw failure.error;
    return this.#read(entry);
  }

  /** Starts the first read without waiting for it; a failure is told by the next `get`. */
  warmUp(): void {
    this.get().catch(() => {});
  }

  /** Ends the reader: no call works any more, and its own client's sockets are closed. */
  close(): void {
    this.#closed = true;
    this.#current = new CacheEntry(current);
    this.#others = undefined;
    this.#source.close();
  }

  /** A newer value; or the old one, while that is young, or when the newer one cannot be had in time. */
  async #getSlowly(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    const now = this.#now();
    const failure = recentFailure(entry, now);
    const usable = isUsable(entry, now, this.#times);
    if (failure && !usable) throw failure.error;
    if (!failure) {
      const reading = this.#read(entry);
      if (!usable) return reading;
      if (isYoung(entry, now, this.#times)) reading.catch(() => {});
      else
        try {
          return await withDeadline(reading, staleWaitMillis, Error);
        } catch {
          if (!isUsable(entry, this.#now(), this.#times)) return reading;
        }
    }
    this.#tell("stale", entry);
    return entry.version as SecretVersion<Value>;
  }

  #read(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    if (this.#closed) return Promise.reject(closedError());
    entry.reading ??= this.#readOnce(entry);
    return entry.reading;
  }

  async #readOnce(entry: CacheEntry<Value>): Promise<SecretVersion<Value>> {
    try {
      const version = await this.#fetch(entry.wanted);
      keepVersion(entry, version, this.#times, Math.random());
      this.#tell(this.#otherRegion ? "other-region" : "refresh", entry);
      return version;
    } catch (thrown) {
      const error = this.#closed ? closedError() : shownError(thrown);
      keepFailure(entry, error, this.#now(), Math.random());
      this.#tell("error", entry, error.code);
      throw error;
    } finally {
      entry.reading = undefined;
    }
  }

  async #fetch(wanted: VersionSelector): Promise<SecretVersion<Value>> {
    const output = await this.#source.fetch(this.#secretId, wanted, this.#times.deadlineMillis);
    const stages = output.VersionStages ?? [];
    const facts = {
      arn: output.ARN ?? this.#secretId,
      versionId: output.VersionId ?? "",
      versionStages: String(stages) === currentStage ? onlyCurrent : stages,
      readAt: this.#now(),
      otherRegion: this.#otherRegion,
    };
    return new SecretVersion(
      facts,
      await this.#decode(output.SecretString ?? output.SecretBinary ?? ""),
    );
  }

  #known(selector: VersionSelector): CacheEntry<Value> | undefined {
    const key = keyOf(selector);
    return key === currentStage ? this.#current : this.#others?.get(key);
  }

  #entry(selector: VersionSelector): CacheEntry<Value> {
    const known = this.#known(selector);
    if (known) return known;
    const entry = new CacheEntry<Value>(selector);
    if (!this.#others || this.#others.size >= maximumEntries) this.#others = new Map();
    this.#others.set(keyOf(selector), entry);
    return entry;
  }

  #tell(type: AccessEvent["type"], entry: CacheEntry<Value>, code?: string): void {
    if (!accessEvents.hasSubscribers) return;
    const { versionId, versionStage } = entry.wanted;
    const event: AccessEvent = {
      type,
      subject: this.#secretId,
      version: versionId ?? versionStage,
      code,
      otherRegion: this.#otherRegion,
    };
    accessEvents.publish(event);
  }
}

/** An unknown error is not kept as the cause: it is a decoder's and may quote the value. */
const shownError = (thrown: unknown): AccessError =>
  thrown instanceof AccessError
    ? thrown
    : new MalformedSecretError("the secret cannot be decoded", ["(value)"]);

const misfit = (message: string): ConfigurationError =>
  new ConfigurationError("configuration", message);

const closedError = (): ConfigurationError => misfit("the reader is closed");

function checkPlace(secretId: string, region: string, place: string): void {
  for (const name of [region, place])
    if (!regionPattern.test(name))
      throw misfit("region must name an AWS Region, as us-west-2 does");
  if (secretId === "") throw misfit("secretId must be a secret's name or ARN");
  const arnRegion = regionOfArn(secretId) ?? region;
  if (arnRegion !== region)
    throw misfit(`the ARN is of ${arnRegion}, the region ${region}: use this Region's copy`);
}

/** A stage may be named like an id. */
const keyOf = ({ versionId, versionStage = currentStage }: VersionSelector): string =>
  versionId ? `id ${versionId}` : versionStage;
