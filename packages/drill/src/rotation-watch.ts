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
  const rotate = async (abortSignal: AbortSignal) => {
    const startedAt = Date.now();
    await client.send(new RotateSecretCommand({ SecretId: secretArn }), { abortSignal });
    for (;;) {
      const { LastRotatedDate } = await client.send(
        new DescribeSecretCommand({ SecretId: secretArn }),
        { abortSignal },
      );
      if ((LastRotatedDate?.getTime() ?? 0) >= startedAt) break;
      await pause(lookMilliseconds, abortSignal);
    }
    rotations.push({ region, startedAt, endedAt: Date.now() });
  };
  const rotating = (async () => {
    while (!ending.signal.aborted) {
      // A refusal says that the last one has not ended, or that the Region is gone: both are asked again.
      await withDeadline("a rotation", rotationSeconds, ending.signal, rotate).catch(() => {});
      await pause(pauseMilliseconds, ending.signal);
    }
    client.destroy();
  })();
  return {
    stop: () => {
      ending.abort();
      return rotating;
    },
  };
}
