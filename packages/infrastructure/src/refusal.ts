import * as pulumi from "@pulumi/pulumi";
import type { Notice } from "./decide.ts";

/** Why the program declares nothing: the key that asked for it, the reason, and the next command. Never a value of the configuration. */
export interface Refusal {
  readonly key: string;
  readonly reason: string;
  /** What to do next: a command where there is one. */
  readonly next: string;
}

/**
 * Ends the program before its first resource, with every refusal in one message. A RunError is printed without a stack trace, and
 * leaves state and outputs as they are.
 */
export function refuse(refusals: readonly Refusal[]): never {
  const lines = refusals.map(({ key, reason, next }) => `  ${key}: ${reason}\n    next: ${next}`);
  throw new pulumi.RunError(
    [`Stack ${pulumi.getStack()} is refused, nothing was changed:`, ...lines].join("\n"),
  );
}

/** Says what has to be known although nothing is refused. */
export function warn(notices: readonly Notice[]): void {
  for (const notice of notices) void pulumi.log.warn(noticeText(notice));
}

export const noticeText = ({ message, next }: Notice): string => `${message}.\n  next: ${next}`;

/** Refuses when there is any reason to. */
export function refuseAny(...lists: readonly (readonly Refusal[])[]): void {
  const refusals = lists.flat();
  if (refusals.length > 0) refuse(refusals);
}
