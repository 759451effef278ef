import type { Background } from "../background.ts";
import type { Dials } from "../dials.ts";
import type { FunctionUse } from "../function-use.ts";
import { nextRotation } from "./rotation-schedule.ts";
import type { Rotation, Secret } from "./secret.ts";
import { addPendingVersion, current, holderOf, pending } from "./staging-labels.ts";

export interface RotatorOptions {
  readonly functions: FunctionUse;
  readonly background: Background;
  readonly dials: Dials;
  /** Call after a change of the secret that the rotation function has not made itself. */
  readonly onChange: (secret: Secret) => void;
}

const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
type Step = (typeof steps)[number];

/** AWS begins a rotation that failed again, "multiple times": after these it waits for the next request. */
const attempts = 5;
const dayMilliseconds = 86_400_000;
/** Node's timers cannot wait for longer than 24 days. */
const longestSleepSeconds = 86_400;

/** A version that was begun and is not current: AWS refuses another rotation until it is. */
export function unfinishedVersion(secret: Secret): string | undefined {
  const version = holderOf(secret, pending);
  return version === undefined || version === holderOf(secret, current) ? undefined : version.id;
}

interface Run {
  readonly versionId: string;
  readonly abort: AbortController;
  /** Ends the wait for the next attempt. */
  retryNow: () => void;
}

/**
 * Rotates secrets: calls the rotation function once for each step. A step that fails ends the attempt, and the version that it was
 * for keeps AWSPENDING: the next attempt begins with the first step again, and the function must be able to.
 */
export class Rotator {
  readonly #options: RotatorOptions;
  /** By secret ARN. */
  readonly #running = new Map<string, Run>();

  constructor(options: RotatorOptions) {
    this.#options = options;
  }

  /** Starts the four steps for a version that has AWSPENDING, or starts them again; one rotation of a secret at a time. */
  start(secret: Secret, versionId: string): void {
    const before = this.#running.get(secret.arn);
    before?.retryNow();
    if (before?.versionId === versionId) return;
    // AWSPENDING has gone to another version since: what is left of the rotation before it has nothing to finish.
    before?.abort.abort(new Error("Another rotation has begun."));
    this.#run(secret, versionId, async (run) => {
      await this.#untilDone(secret, versionId, run);
      const { rotation } = secret;
      if (!rotation || holderOf(secret, current)?.id !== versionId) return;
      rotation.rotatedAt = new Date();
      this.schedule(secret);
    });
  }

  /** Runs the test step alone: how AWS proves a configuration without rotating. Its version is there for that time only. */
  test(secret: Secret, versionId: string): void {
    if (this.#running.has(secret.arn)) return;
    this.#run(secret, versionId, async ({ abort: { signal } }) => {
      try {
        await this.#step(secret, "testSecret", versionId, signal);
      } finally {
        secret.versions.delete(versionId);
        this.#options.onChange(secret);
      }
    });
  }

  /** Sets the date of the next rotation and waits for it; an earlier wait ends by itself. */
  schedule(secret: Secret): void {
    const { rotation } = secret;
    if (!rotation) return;
    const due = nextRotation(rotation.rules, new Date());
    rotation.nextAt = due;
    if (due) this.#options.background.start(() => this.#rotateAt(secret, rotation, due));
  }

  /** Ends a rotation that is under way; labels stay where they are. */
  cancel(secret: Secret): void {
    const run = this.#running.get(secret.arn);
    run?.abort.abort(new Error("The rotation was cancelled."));
    run?.retryNow();
  }

  async #rotateAt(secret: Secret, rotation: Rotation, due: Date): Promise<void> {
    const { background, dials } = this.#options;
    const days = (due.getTime() - Date.now()) / dayMilliseconds;
    let seconds = days * dials.rotationDaySeconds;
    for (; seconds > 0; seconds -= longestSleepSeconds)
      await background.sleep(Math.min(seconds, longestSleepSeconds));
    // What became due while the Region was lost is done when it is back.
    await background.untilReachable(secret.region);
    if (!rotation.isEnabled || rotation.nextAt !== due || secret.deletedAt !== undefined) return;
    const versionId = unfinishedVersion(secret) ?? addPendingVersion(secret).id;
    this.#options.onChange(secret);
    this.start(secret, versionId);
  }

  async #untilDone(secret: Secret, versionId: string, run: Run): Promise<void> {
    const { background, dials } = this.#options;
    for (let attempt = 1; ; attempt++)
      try {
        for (const step of steps) await this.#step(secret, step, versionId, run.abort.signal);
        return;
      } catch (error) {
        run.abort.signal.throwIfAborted();
        if (attempt === attempts) throw error;
        const asked = new Promise<void>((resolve) => {
          run.retryNow = resolve;
        });
        await Promise.race([asked, background.sleep(dials.rotationRetrySeconds)]);
        run.abort.signal.throwIfAborted();
      }
  }

  #run(secret: Secret, versionId: string, task: (run: Run) => Promise<void>): void {
    const run: Run = { versionId, abort: new AbortController(), retryNow: () => {} };
    this.#running.set(secret.arn, run);
    this.#options.background.start(async () => {
      try {
        await task(run);
      } catch {
        // AWS tells nobody but CloudTrail and the function's own log that a rotation failed.
      } finally {
        if (this.#running.get(secret.arn) === run) this.#running.delete(secret.arn);
      }
    });
  }

  async #step(secret: Secret, step: Step, token: string, signal: AbortSignal): Promise<void> {
    const { background, functions } = this.#options;
    await background.untilReachable(secret.region);
    signal.throwIfAborted();
    const event = { Step: step, SecretId: secret.arn, ClientRequestToken: token };
    await functions.call(secret.region, secret.rotation?.functionArn ?? "", event, signal);
    signal.throwIfAborted();
  }
}
