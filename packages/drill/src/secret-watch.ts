import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SecretReading } from "./course.ts";
import { pause, withDeadline } from "./deadline.ts";
import type { Credentials, OrdersClient } from "./orders-client.ts";

export interface SecretWatch {
  /** Asks no more. */
  stop(): Promise<void>;
}

export interface SecretWatchOptions {
  /** Of the copy in the application's own Region. */
  readonly secretArn: string;
  readonly application: OrdersClient;
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly intervalMilliseconds?: number;
}

const requestSeconds = 3;
/** So often that no version is current between two looks only: of one that was not seen in the store nobody knows how old it is. */
const storeMilliseconds = 200;

/** Adds to `readings` which version Secrets Manager has for current and which one the application uses. Values are not kept. */
export function watchSecret(options: SecretWatchOptions, readings: SecretReading[]): SecretWatch {
  const { secretArn, application, endpoint, credentials, intervalMilliseconds = 1_000 } = options;
  const { region } = application;
  const client = new SecretsManagerClient({ region, endpoint, credentials, maxAttempts: 1 });
  const ending = new AbortController();
  const readers = {
    store: async (abortSignal: AbortSignal) =>
      (await client.send(new GetSecretValueCommand({ SecretId: secretArn }), { abortSignal }))
        .VersionId,
    application: async (signal: AbortSignal) => (await application.health(signal)).secret.versionId,
  };
  const read = async (reader: SecretReading["reader"]) => {
    const startedAt = Date.now();
    try {
      const versionId = await withDeadline(
        "the secret's version",
        requestSeconds,
        ending.signal,
        readers[reader],
      );
      if (versionId !== undefined)
        readings.push({ reader, region, versionId, startedAt, endedAt: Date.now() });
    } catch {
      // A reader that gets nothing got nothing old.
    }
  };
  const keepReading = async (reader: SecretReading["reader"], milliseconds: number) => {
    while (!ending.signal.aborted) {
      await read(reader);
      await pause(milliseconds, ending.signal);
    }
  };
  const watching = Promise.all([
    keepReading("store", storeMilliseconds),
    keepReading("application", intervalMilliseconds),
  ]).then(() => client.destroy());
  return {
    stop: () => {
      ending.abort();
      return watching;
    },
  };
}
