import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { withDeadline } from "./deadline.ts";
import { ConfigurationError, CredentialsError, SecretUnavailableError } from "./errors.ts";
import { secretError } from "./secret-faults.ts";

/** What this package needs of the SDK's client. */
export type SecretsClient = Pick<SecretsManagerClient, "send" | "destroy">;

/** Which version is wanted: by its stage (default AWSCURRENT) or by its id. */
export type VersionSelector =
  | { readonly versionStage?: string; readonly versionId?: never }
  | { readonly versionId: string; readonly versionStage?: never };

/**
 * A client of one Region. Without an endpoint or a route to it a call hangs in a VPC, and `requestTimeout` alone only warns:
 * `throwOnRequestTimeout` makes it fire. Two attempts, because the caller bounds the whole call with a signal.
 */
const createSecretsClient = (region: string): SecretsClient =>
  new SecretsManagerClient({
    region,
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  });

/** Secrets Manager of one Region: every call is bounded, every failure typed. */
export class SecretsManagerSource {
  readonly #region: string;
  readonly #ownsClient: boolean;
  /** Made at the first call: a module that creates a reader loads fast. */
  #client: SecretsClient | undefined;
  /** Calls in flight, and whether there may be more: a controller for each source would be most of its memory. */
  #calls: Set<AbortController> | undefined;
  #closed = false;

  constructor(region: string, client?: SecretsClient) {
    this.#region = region;
    this.#ownsClient = client === undefined;
    this.#client = client;
  }

  /** @throws AccessError */
  async fetch(
    secretId: string,
    selector: VersionSelector,
    deadlineMillis: number,
  ): Promise<GetSecretValueCommandOutput> {
    const call = new AbortController();
    this.#calls ??= new Set();
    this.#calls.add(call);
    const late = () => {
      call.abort();
      return new SecretUnavailableError(
        "deadline",
        `no answer for secret ${secretId} in ${this.#region} within ${deadlineMillis} ms`,
      );
    };
    try {
      const answer = this.#fetchTwice(secretId, selector, call.signal);
      return await withDeadline(answer, deadlineMillis, late);
    } catch (error) {
      throw this.#closed ? closedError() : secretError(error, secretId, this.#region);
    } finally {
      this.#calls.delete(call);
      if (this.#calls.size === 0) this.#calls = undefined;
    }
  }

  close(): void {
    this.#closed = true;
    for (const call of this.#calls ?? []) call.abort();
    if (this.#ownsClient) this.#client?.destroy();
  }

  /** When the session has expired, a new client asks for new credentials: the SDK keeps those that it has. */
  async #fetchTwice(secretId: string, selector: VersionSelector, signal: AbortSignal) {
    try {
      return await this.#send(secretId, selector, signal);
    } catch (error) {
      const expired = secretError(error, secretId, this.#region) instanceof CredentialsError;
      if (!expired || !this.#ownsClient) throw error;
      this.#client?.destroy();
      this.#client = undefined;
      return this.#send(secretId, selector, signal);
    }
  }

  /** A stage is always sent: without one the service answers its own idea of the default. */
  #send(secretId: string, selector: VersionSelector, abortSignal: AbortSignal) {
    this.#client ??= createSecretsClient(this.#region);
    const { versionId, versionStage = "AWSCURRENT" } = selector;
    const version =
      versionId === undefined ? { VersionStage: versionStage } : { VersionId: versionId };
    return this.#client.send(new GetSecretValueCommand({ SecretId: secretId, ...version }), {
      abortSignal,
    });
  }
}

export const closedError = () => new ConfigurationError("configuration", "the reader is closed");
