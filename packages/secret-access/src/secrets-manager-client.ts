import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { withDeadline } from "./deadline.ts";
import { CredentialsError } from "./errors.ts";
import { secretError } from "./secret-faults.ts";

/** What this package needs of the SDK's client. */
export type SecretsClient = Pick<SecretsManagerClient, "send" | "destroy">;

/** Which version is wanted: by its stage (default AWSCURRENT) or by its id. */
export type VersionSelector =
  | { readonly versionStage?: string; readonly versionId?: never }
  | { readonly versionId: string; readonly versionStage?: never };

export const currentStage = "AWSCURRENT";

/**
 * A client of one Region. Without an endpoint or a route to it a call hangs in a VPC, and `requestTimeout` alone only warns:
 * `throwOnRequestTimeout` makes it fire. Two attempts, because the caller bounds the whole call with a signal.
 */
export const createSecretsClient = (region: string): SecretsClient =>
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
  readonly #given: SecretsClient | undefined;
  /** Made at the first call: a module that creates a reader loads fast. */
  #own: SecretsClient | undefined;
  /** Calls in flight: a controller for each source that has none would be most of its memory. */
  #calls: Set<AbortController> | undefined;

  constructor(region: string, client?: SecretsClient) {
    this.#region = region;
    this.#given = client;
  }

  /** @throws AccessError */
  async fetch(
    secretId: string,
    { versionId, versionStage = currentStage }: VersionSelector,
    deadlineMillis: number,
  ): Promise<GetSecretValueCommandOutput> {
    const call = new AbortController();
    this.#calls ??= new Set();
    this.#calls.add(call);
    const late = () => {
      call.abort();
      return new DOMException(`${deadlineMillis} ms`, "TimeoutError");
    };
    const command = new GetSecretValueCommand({
      SecretId: secretId,
      VersionId: versionId,
      // Always sent when no id is: without a stage the service answers its own idea of the default.
      VersionStage: versionId ? undefined : versionStage,
    });
    try {
      return await withDeadline(this.#sendTwice(command, call.signal), deadlineMillis, late);
    } catch (error) {
      throw secretError(error, secretId, this.#region);
    } finally {
      this.#calls.delete(call);
      if (this.#calls.size === 0) this.#calls = undefined;
    }
  }

  close(): void {
    for (const call of this.#calls ?? []) call.abort();
    this.#own?.destroy();
  }

  /** When the session has expired, a new client asks for new credentials: the SDK keeps those that it has. */
  async #sendTwice(command: GetSecretValueCommand, abortSignal: AbortSignal) {
    const send = () => {
      const client = this.#given ?? this.#own ?? createSecretsClient(this.#region);
      if (!this.#given) this.#own = client;
      return client.send(command, { abortSignal });
    };
    try {
      return await send();
    } catch (error) {
      if (this.#given || !(secretError(error, "", "") instanceof CredentialsError)) throw error;
      this.#own?.destroy();
      this.#own = undefined;
      return send();
    }
  }
}
