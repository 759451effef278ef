import { regionOfArn, regionPattern } from "@standby/topology";
import { withDeadline } from "./deadline.ts";
import {
  AccessError,
  ConfigurationError,
  MalformedSecretError,
  SecretUnavailableError,
} from "./errors.ts";
import {
  CacheEntry,
  type CacheVerdict,
  isBackingOff,
  judgeEntry,
  keepFailure,
  keepVersion,
  type SecretTimes,
} from "./secret-cache.ts";
import { asJson, type SecretDecoder } from "./secret-decoders.ts";
import { type AccessEvent, accessEvents } from "./secret-events.ts";
import { SecretVersion } from "./secret-version.ts";
import {
  closedError,
  type SecretsClient,
  SecretsManagerSource,
  type VersionSelector,
} from "./secrets-manager-client.ts";

/** Which secret to read, from which Region, as what. */
export interface SecretReaderOptions<Value> {
  /** Name or full ARN. An ARN of another Region is refused: a reader never leaves its Region. */
  readonly secretId: string;
  readonly region: string;
  /** `asJson` (default), `asJsonOf(schema)`, `asText`, `asBinary`, or one of your own. */
  readonly decode?: SecretDecoder<Value>;
  /** Default: 5 minutes to live, 1 hour at most while Secrets Manager cannot be read, 3 seconds for one read. */
  readonly times?: Partial<SecretTimes>;
  /** Default: a client of `region` with timeouts that fire. A client given here is not closed by `close()`. */
  readonly client?: SecretsClient;
  /** Milliseconds since the epoch. Default: the wall clock. */
  readonly now?: () => number;
}

const defaultTimes: SecretTimes = {
  timeToLiveMillis: 300_000,
  maximumStaleMillis: 3_600_000,
  deadlineMillis: 3_000,
};

/** How long a caller waits for a newer value while an old one is at hand. */
const staleWaitMillis = 1_000;
/** Version ids are without end, stages are few: the oldest entries go. */
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
  readonly #decode: SecretDecoder<Value>;
  readonly #times: SecretTimes;
  readonly #now: () => number;
  readonly #source: SecretsManagerSource;
  readonly #current = new CacheEntry<Value>();
  #others: Map<string, CacheEntry<Value>> | undefined;
  #closed = false;

  /** @throws ConfigurationError when Region and secret do not fit. */
  constructor(options: SecretReaderOptions<Value>) {
    const { secretId, region } = options;
    checkPlace(secretId, region);
    this.#secretId = secretId;
    this.#decode = options.decode ?? (asJson as SecretDecoder<Value>);
    this.#times = options.times ? { ...defaultTimes, ...options.times } : defaultTimes;
    this.#now = options.now ?? Date.now;
    this.#source = new SecretsManagerSource(region, options.client);
  }

  /**
   * The version with the stage AWSCURRENT, or the one asked for.
   *
   * @throws AccessError when there is no value that may be used, see `errors.ts`.
   */
  get(selector?: VersionSelector): Promise<SecretVersion<Value>> {
    const entry = selector ? this.#entry(selector) : this.#current;
    const now = this.#now();
    if (now < entry.freshUntil && now >= entry.freshFrom && entry.answer !== undefined) {
      if (accessEvents.hasSubscribers) this.#tell("hit", selector);
      return entry.answer;
    }
    return this.#getSlowly(entry, selector, judgeEntry(entry, now, this.#times));
  }

  /** The value that `get` would answer at once, or undefined: never reads, never waits. */
  peek(selector?: VersionSelector): SecretVersion<Value> | undefined {
    const entry = selector ? this.#known(keyOf(selector)) : this.#current;
    if (entry === undefined) return undefined;
    const now = this.#now();
    if (now < entry.freshUntil && now >= entry.freshFrom) return entry.version;
    const verdict = this.#closed ? "read" : judgeEntry(entry, now, this.#times);
    return verdict === "revalidate" || verdict === "stale" ? entry.version : undefined;
  }

  /**
   * Reads now although the kept value is fresh; any number of callers share one call. Call it when a server refuses the value.
   *
   * @throws AccessError when the read fails, or has just failed: the kept value stays.
   */
  async refresh(selector?: VersionSelector): Promise<SecretVersion<Value>> {
    const entry = selector ? this.#entry(selector) : this.#current;
    if (isBackingOff(entry, this.#now())) throw entry.failure.error;
    return this.#read(entry, selector);
  }

  /** Starts the first read without waiting for it; a failure is told by the next `get`. */
  warmUp(): void {
    this.get().catch(() => {});
  }

  /** Ends the reader: no call works any more, and its own client's sockets are closed. */
  close(): void {
    this.#closed = true;
    for (const entry of [this.#current, ...(this.#others?.values() ?? [])]) entry.freshUntil = 0;
    this.#source.close();
  }

  async #getSlowly(
    entry: CacheEntry<Value>,
    selector: VersionSelector | undefined,
    verdict: CacheVerdict,
  ): Promise<SecretVersion<Value>> {
    const { version, failure } = entry;
    if (this.#closed) throw closedError();
    if (verdict === "refused" && failure) throw failure.error;
    if (verdict === "read" || !version) return this.#read(entry, selector);
    if (verdict === "wait") return this.#readOr(entry, selector);
    if (verdict === "revalidate" && !entry.reading) this.#read(entry, selector).catch(() => {});
    if (accessEvents.hasSubscribers) this.#tell("stale", selector);
    return version;
  }

  /** A newer value, or the old one when the newer one cannot be had in time and the old one may still be used. */
  async #readOr(
    entry: CacheEntry<Value>,
    selector: VersionSelector | undefined,
  ): Promise<SecretVersion<Value>> {
    const late = () => new SecretUnavailableError("deadline", "the old value stands in");
    try {
      return await withDeadline(this.#read(entry, selector), staleWaitMillis, late);
    } catch (error) {
      const verdict = judgeEntry(entry, this.#now(), this.#times);
      if (!entry.version || verdict === "read" || verdict === "refused") throw error;
      if (accessEvents.hasSubscribers) this.#tell("stale", selector);
      return entry.version;
    }
  }

  #read(
    entry: CacheEntry<Value>,
    selector: VersionSelector | undefined,
  ): Promise<SecretVersion<Value>> {
    if (this.#closed) return Promise.reject(closedError());
    entry.reading ??= this.#readOnce(selector)
      .then(
        (version) => {
          keepVersion(entry, version, this.#times, Math.random());
          if (accessEvents.hasSubscribers) this.#tell("refresh", selector);
          return version;
        },
        (error: AccessError) => {
          keepFailure(entry, error, this.#now(), Math.random());
          if (accessEvents.hasSubscribers) this.#tell("error", selector, error.code);
          throw error;
        },
      )
      .finally(() => {
        entry.reading = undefined;
      });
    return entry.reading;
  }

  async #readOnce(selector: VersionSelector = {}): Promise<SecretVersion<Value>> {
    const output = await this.#source.fetch(this.#secretId, selector, this.#times.deadlineMillis);
    const facts = {
      arn: output.ARN ?? this.#secretId,
      versionId: output.VersionId ?? "",
      versionStages: output.VersionStages ?? [],
      readAt: this.#now(),
    };
    try {
      const stored = output.SecretString ?? output.SecretBinary ?? "";
      return new SecretVersion(facts, await this.#decode(stored));
    } catch (error) {
      if (error instanceof AccessError) throw error;
      // Not kept as the cause: a decoder's error may quote the value.
      throw new MalformedSecretError("the secret cannot be decoded", ["(value)"]);
    }
  }

  #known(key: string): CacheEntry<Value> | undefined {
    return key === "AWSCURRENT" ? this.#current : this.#others?.get(key);
  }

  #entry(selector: VersionSelector): CacheEntry<Value> {
    const key = keyOf(selector);
    const known = this.#known(key);
    if (known) return known;
    this.#others ??= new Map();
    const [oldest] = this.#others.size >= maximumEntries ? this.#others.keys() : [];
    if (oldest !== undefined) this.#others.delete(oldest);
    const entry = new CacheEntry<Value>();
    this.#others.set(key, entry);
    return entry;
  }

  #tell(type: AccessEvent["type"], selector: VersionSelector | undefined, code?: string): void {
    const version = selector?.versionId ?? selector?.versionStage ?? "AWSCURRENT";
    const event: AccessEvent = {
      type,
      subject: this.#secretId,
      version,
      ...(code ? { code } : {}),
    };
    accessEvents.publish(event);
  }
}

function checkPlace(secretId: string, region: string): void {
  if (!regionPattern.test(region))
    throw new ConfigurationError(
      "configuration",
      "region must be the name of an AWS Region, such as us-west-2",
    );
  if (secretId === "")
    throw new ConfigurationError("configuration", "secretId must be a secret's name or ARN");
  const arnRegion = regionOfArn(secretId);
  if (arnRegion !== undefined && arnRegion !== region)
    throw new ConfigurationError(
      "configuration",
      `the secret's ARN is of ${arnRegion} and the region is ${region}: use this Region's copy`,
    );
}

const keyOf = ({ versionId, versionStage = "AWSCURRENT" }: VersionSelector): string =>
  versionId === undefined ? versionStage : `id ${versionId}`;
