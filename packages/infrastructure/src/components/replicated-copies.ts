import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { readCopies, settled } from "../observe-secret.ts";
import { noticeText, warn } from "../refusal.ts";
import {
  type CopiedSecret,
  copyProblems,
  isUnderWay,
  promotedCopies,
  type SecretCopy,
} from "../secret-copies.ts";

/** Waits between one look and the next: two minutes in all, most of it after AWS's usual seconds. */
const waitsSeconds: readonly number[] = [1, 2, 4, 8, 15, 30, 60];

/** Reads the secret's replication status for the n-th time. */
type Look = (attempt: number) => Promise<readonly SecretCopy[]>;

/** The status when every copy came to an end, or when the time for that was up. */
export async function untilFinished(
  secret: CopiedSecret,
  look: Look,
  sleep: (seconds: number) => Promise<void>,
): Promise<readonly SecretCopy[]> {
  let copies = await look(1);
  for (const [index, seconds] of waitsSeconds.entries()) {
    if (!isUnderWay(secret, copies)) return copies;
    await sleep(seconds);
    copies = await look(index + 2);
  }
  return copies;
}

/**
 * Asks Secrets Manager, after everything else of the update, whether the copies carry what the secret carries: the provider succeeds
 * when replication has begun, and never learns that it failed. Asked in the secret's own Region alone, so that a lost replica Region
 * does not stop an update.
 *
 * @throws pulumi.RunError with AWS's reason when a copy failed, or is not finished after two minutes.
 */
export async function proveCopies(
  name: string,
  secret: Omit<CopiedSecret, "arn"> & { readonly arn: pulumi.Output<string> },
  opts: { readonly parent: pulumi.Resource; readonly after: readonly pulumi.Resource[] },
): Promise<void> {
  const { parent, after } = opts;
  const look: Look = (attempt) =>
    readCopies(`${name}-${attempt}`, secret.arn, { parent, dependsOn: [...after] });
  if (pulumi.runtime.isDryRun()) {
    // Read in a preview too, and not judged: the state would lose the reading in every preview and find it again in every update.
    void look(1);
    return;
  }
  const copied = { ...secret, arn: await settled(secret.arn) };
  const copies = await untilFinished(copied, look, (seconds) => delay(seconds * 1000));
  warn(promotedCopies(copied, copies));
  const problems = copyProblems(copied, copies);
  if (problems.length === 0) return;
  throw new pulumi.RunError(
    [
      "Everything was updated, and the secret is not in every Region:",
      ...problems.map(noticeText),
    ].join("\n"),
  );
}
