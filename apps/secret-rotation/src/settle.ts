import { openAs, requirePrimarySecret } from "./gate.ts";
import type { RotationTools } from "./rotation-tools.ts";
import { parseValue } from "./stored-value.ts";

/** `finished`: the database had the new password. `given-up`: it had not. `nothing-to-do`: no rotation was half done. */
type Settlement = "finished" | "given-up" | "nothing-to-do";

export interface SettleAnswer {
  /** By ARN of the secret. */
  readonly settled: Readonly<Record<string, Settlement>>;
}

/**
 * Ends what a lost Region has left of its rotations, in copies that were promoted: AWS begins no rotation of a secret whose AWSPENDING
 * is on another version than AWSCURRENT, and the Region that could have ended it is gone. The database decides.
 *
 * @throws RotationRefusedError before anything was changed.
 */
export async function settle(tools: RotationTools): Promise<SettleAnswer> {
  const { adminSecretArn, secretArn } = tools.place;
  const settled: Record<string, Settlement> = {};
  for (const arn of [...(adminSecretArn ? [adminSecretArn] : []), secretArn])
    settled[arn] = await settleOne(tools, arn);
  return { settled };
}

async function settleOne(tools: RotationTools, secretArn: string): Promise<Settlement> {
  const { stages } = await requirePrimarySecret(tools, secretArn);
  const versionId = Object.entries(stages).find(
    ([, labels]) => labels.includes("AWSPENDING") && !labels.includes("AWSCURRENT"),
  )?.[0];
  if (versionId === undefined) return "nothing-to-do";
  const pending = await tools.store.read(secretArn, { id: versionId });
  using session = pending && (await openAs(tools, parseValue(pending.text, secretArn).login));
  if (session) {
    const current = await tools.store.read(secretArn, { stage: "AWSCURRENT" });
    await tools.store.makeCurrent(secretArn, versionId, current?.versionId);
    return "finished";
  }
  const current = await tools.store.read(secretArn, { stage: "AWSCURRENT" });
  // Without a proof that the old password counts, the new one stays at hand.
  using working = current && (await openAs(tools, parseValue(current.text, secretArn).login));
  if (current && !working) return "nothing-to-do";
  await tools.store.removePending(secretArn, versionId);
  return "given-up";
}
