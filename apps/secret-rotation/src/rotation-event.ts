import { z } from "zod";
import { RotationRefusedError } from "./errors.ts";

export const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export type Step = (typeof steps)[number];

/** What Secrets Manager calls a rotation function with, once for each step. */
export interface StepEvent {
  readonly Step: Step;
  readonly SecretId: string;
  /** Id of the version that the rotation is for. */
  readonly ClientRequestToken: string;
}

/** What an operator calls it with: make the application's user, and leave the master user to the admin secret. */
export interface BootstrapEvent {
  readonly Bootstrap: true;
}

/** What an operator calls it with in a Region whose copies were promoted: end the rotations that the lost Region has left half done. */
export interface SettleEvent {
  readonly Settle: true;
}

// Secrets Manager may add fields; an operator's misspelt one must not be taken for another event.
const stepEvent = z.object({
  Step: z.enum(steps),
  SecretId: z.string().min(1).max(2048),
  ClientRequestToken: z.string().min(32).max(64),
});
const operatorEvent = z.union([
  z.strictObject({ Bootstrap: z.literal(true) }),
  z.strictObject({ Settle: z.literal(true) }),
]);

/** @throws RotationRefusedError that names the fields at fault. */
export function readEvent(event: unknown): StepEvent | BootstrapEvent | SettleEvent {
  const isStep = typeof event === "object" && event !== null && "Step" in event;
  const result = isStep ? stepEvent.safeParse(event) : operatorEvent.safeParse(event);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join(".") || "event");
  throw new RotationRefusedError(
    "not-ours",
    `this is neither a step of a rotation nor {"Bootstrap":true} nor {"Settle":true}; wrong or missing: ${[...new Set(fields)].join(", ")}`,
  );
}
