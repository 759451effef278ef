import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { pause, withDeadline } from "./deadline.ts";
import type { Credentials } from "./orders-client.ts";

/** A rotation that came to its end, as somebody saw it who asked for it. Times are milliseconds since the epoch. */
export interface Rotation {
  readonly region: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface RotationDriver {
  /** Asks for no more, and leaves the last one to itself. */
  stop(): Promise<void>;
  /** Asks for no more, and for the last one again until it has ended. */
  finish(signal: AbortSignal): Promise<void>;
}

interface RotationDriverOptions {
  readonly region: string;
  readonly secretArn: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** Between two rotations. */
  readonly pauseMilliseconds: number;
}

const rotationSeconds = 60;
const lookMilliseconds = 100;

/** Rotates one secret again and again; each that ends is added to `rotations`. One that its Region does not survive is not. */
export function keepRotating(
  options: RotationDriverOptions,
  rotations: Rotation[],
): RotationDriver {
  const { region, secretArn, endpoint, credentials, pauseMilliseconds } = options;
  const client = new SecretsManagerClient({ region, endpoint, credentials, maxAttempts: 1 });
  const ending = new AbortController();
  const ask = (abortSignal: AbortSignal) =>
    client.send(new RotateSecretCommand({ SecretId: secretArn }), { abortSignal });
  const describe = (abortSignal: AbortSignal) =>
    client.send(new DescribeSecretCommand({ SecretId: secretArn }), { abortSignal });
  const rotate = async (abortSignal: AbortSignal) => {
    const startedAt = Date.now();
    await ask(abortSignal);
    while (((await describe(abortSignal)).LastRotatedDate?.getTime() ?? 0) < startedAt)
      await pause(lookMilliseconds, abortSignal);
    rotations.push({ region, startedAt, endedAt: Date.now() });
  };
  const rotating = (async () => {
    while (!ending.signal.aborted) {
      // A refusal says that the last one has not ended, or that the Region is gone: both are asked again.
      await withDeadline("a rotation", rotationSeconds, ending.signal, rotate).catch(() => {});
      await pause(pauseMilliseconds, ending.signal);
    }
  })();
  const stop = async () => {
    ending.abort();
    await rotating;
  };
  return {
    stop: () => stop().finally(() => client.destroy()),
    async finish(signal) {
      await stop();
      try {
        for (let looks = 0; ; looks += 1) {
          const { VersionIdsToStages = {} } = await describe(signal);
          if (!Object.values(VersionIdsToStages).some(isUnfinished)) return;
          // One that was refused for a moment is begun again by the next who asks; that call is refused itself.
          if (looks % 20 === 19) await ask(signal).catch(() => {});
          await pause(lookMilliseconds, signal);
          signal.throwIfAborted();
        }
      } finally {
        client.destroy();
      }
    },
  };
}

const isUnfinished = (labels: readonly string[]): boolean =>
  labels.includes("AWSPENDING") && !labels.includes("AWSCURRENT");
