import { regionPattern } from "@standby/topology";
import { ConfigurationError } from "./errors.ts";
import type { SecretTimes } from "./secret-cache.ts";
import type { SecretDecoder } from "./secret-decoders.ts";
import type { SecretsClient } from "./secrets-manager-client.ts";

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

export const defaultTimes: SecretTimes = {
  timeToLiveMillis: 300_000,
  maximumStaleMillis: 3_600_000,
  deadlineMillis: 3_000,
};

/** The id in the Region that is read: the copies of a secret have one ARN but for the Region. */
export function placedId(secretId: string, region: string, place: string): string {
  if (
    !secretId ||
    (secretId.startsWith("arn:") && !secretId.includes(`:${region}:`)) ||
    !regionPattern.test(place)
  )
    throw new ConfigurationError(
      "configuration",
      `not an AWS Region and a secret of it: region ${place}, secretId "${secretId}"`,
    );
  return secretId.replace(`:${region}:`, `:${place}:`);
}
