/** One version of a secret as read from one Region. Printing it, or turning it into JSON, does not show the value. */
export class SecretVersion<Value> {
  readonly arn: string;
  readonly versionId: string;
  readonly versionStages: readonly string[];
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly #value: Value;

  constructor(
    facts: {
      readonly arn: string;
      readonly versionId: string;
      readonly versionStages: readonly string[];
      readonly readAt: number;
    },
    value: Value,
  ) {
    this.arn = facts.arn;
    this.versionId = facts.versionId;
    this.versionStages = facts.versionStages;
    this.readAt = facts.readAt;
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }
}
