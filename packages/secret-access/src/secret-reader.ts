import { regionOfArn, regionPattern } from "@standby/topology";
import { withDeadline } from "./deadline.ts";
import { ConfigurationError, SecretUnavailableError } from "./errors.ts";
import { secretError } from "./secret-faults.ts";
import { SecretVersion } from "./secret-version.ts";
import {
  createSecretsClient,
  getSecretValue,
  type SecretsClient,
  type VersionSelector,
} from "./secrets-manager-client.ts";

/** Turns what is stored into a value, or throws a MalformedSecretError that names keys only. */
export type SecretDecoder<Value> = (stored: string | Uint8Array) => Value;

export interface SecretReaderOptions<Value> {
  /** Name or full ARN. An ARN of another Region is refused: a reader never leaves its Region. */
  readonly secretId: string;
  readonly region: string;
  readonly decode: SecretDecoder<Value>;
  /** Whole time of one read, retries included. Default 3,000. */
  readonly deadlineMillis?: number;
  /** Default: a client of `region` with timeouts that fire. A client given here is not closed by `close()`. */
  readonly client?: SecretsClient;
}

/** Reads one secret from its own Region's copy. */
export class SecretReader<Value> {
  readonly #options: SecretReaderOptions<Value>;
  /** Made at the first read: a module that creates a reader loads fast. */
  #client: SecretsClient | undefined;

  /** @throws ConfigurationError when Region and secret do not fit. */
  constructor(options: SecretReaderOptions<Value>) {
    const { secretId, region } = options;
    if (!regionPattern.test(region))
      throw new ConfigurationError("region must be the name of an AWS Region, such as us-west-2");
    if (secretId === "") throw new ConfigurationError("secretId must be a secret's name or ARN");
    const arnRegion = regionOfArn(secretId);
    if (arnRegion !== undefined && arnRegion !== region)
      throw new ConfigurationError(
        `the secret's ARN is of ${arnRegion} and the region is ${region}: use this Region's copy`,
      );
    this.#options = options;
    this.#client = options.client;
  }

  /** @throws AccessError, see `errors.ts`. */
  async get(selector: VersionSelector = {}): Promise<SecretVersion<Value>> {
    const { secretId, region, decode, deadlineMillis = 3_000 } = this.#options;
    const output = await this.#read(selector, deadlineMillis).catch((error: unknown) => {
      throw secretError(error, secretId, region);
    });
    const facts = {
      arn: output.ARN ?? secretId,
      versionId: output.VersionId ?? "",
      versionStages: output.VersionStages ?? [],
      readAt: Date.now(),
    };
    return new SecretVersion(facts, decode(output.SecretString ?? output.SecretBinary ?? ""));
  }

  #read(selector: VersionSelector, deadlineMillis: number) {
    const { secretId, region } = this.#options;
    this.#client ??= createSecretsClient(region);
    const abort = new AbortController();
    return withDeadline(
      getSecretValue(this.#client, secretId, selector, abort.signal),
      deadlineMillis,
      () => {
        abort.abort();
        return new SecretUnavailableError(
          "deadline",
          `no answer for secret ${secretId} in ${region} within ${deadlineMillis} ms`,
        );
      },
    );
  }

  /** Closes the sockets of the reader's own client. */
  close(): void {
    if (!this.#options.client) this.#client?.destroy();
  }
}
