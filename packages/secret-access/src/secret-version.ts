interface SecretFacts {
  readonly arn: string;
  readonly versionId: string;
  readonly versionStages: readonly string[];
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  /** Set when the copy of this other Region was asked for by name: it may be older than the own one. */
  readonly otherRegion: string | undefined;
}

/** One version of a secret as read from one Region. Printing it, or turning it into JSON, does not show the value. */
export class SecretVersion<Value> implements SecretFacts {
  declare readonly arn: string;
  declare readonly versionId: string;
  declare readonly versionStages: readonly string[];
  declare readonly readAt: number;
  declare readonly otherRegion: string | undefined;
  readonly #value: Value;

  constructor(facts: SecretFacts, value: Value) {
    Object.assign(this, facts);
    this.#value = value;
  }

  /** What the decoder made of it. An accessor: whoever prints a version does not print it. */
  get value(): Value {
    return this.#value;
  }
}
