import type { RotationStrategy } from "@standby/topology";
import { RotationRefusedError } from "./errors.ts";
import type { Place } from "./place.ts";

/** What one rotation does to the users of the database. */
export type RotationPlan =
  /** The user of the value gets a new password. */
  | { readonly kind: "single-user" }
  /** Two users take turns: the one that the application uses is not touched. */
  | { readonly kind: "alternating-users" }
  /** The application gets a user of its own in place of the master user. */
  | { readonly kind: "hand-over"; readonly username: string };

/** Which secret is rotated, how, and whose rights make the change. */
export interface Subject {
  readonly secretArn: string;
  readonly plan: RotationPlan;
  /** Absent: the user of the secret changes its own password. */
  readonly adminSecretArn?: string;
}

/** The admin secret is a single user's for ever: there is one master user. */
export function subjectOf(secretArn: string, place: Place): Subject {
  if (secretArn === place.adminSecretArn) return { secretArn, plan: { kind: "single-user" } };
  if (secretArn === place.secretArn)
    return {
      secretArn,
      plan: { kind: place.strategy satisfies RotationStrategy },
      ...(place.adminSecretArn ? { adminSecretArn: place.adminSecretArn } : {}),
    };
  throw new RotationRefusedError(
    "not-ours",
    `this function rotates ${[place.secretArn, place.adminSecretArn].filter(Boolean).join(" and ")} only, and was asked for ${secretArn}`,
  );
}

const partnerSuffix = "_clone";

/** The other of the two users that take turns. */
export const partnerOf = (username: string): string =>
  username.endsWith(partnerSuffix)
    ? username.slice(0, -partnerSuffix.length)
    : `${username}${partnerSuffix}`;

export const nextUsername = (plan: RotationPlan, username: string): string =>
  plan.kind === "hand-over"
    ? plan.username
    : plan.kind === "alternating-users"
      ? partnerOf(username)
      : username;
