import type { StackOutputs } from "@standby/topology";
import type { Deployment } from "./observation.ts";

/** One Region of the pair with its stack. Which of them is active is not part of it: that swaps. */
export interface Side {
  readonly role: "primary" | "recovery";
  readonly region: string;
  readonly stack: string;
  readonly outputs: StackOutputs;
}

export const primarySide = ({ primaryRegion, primaryStack, primary }: Deployment): Side => ({
  role: "primary",
  region: primaryRegion,
  stack: primaryStack,
  outputs: primary,
});

export const recoverySide = ({ recoveryRegion, recoveryStack, recovery }: Deployment): Side => ({
  role: "recovery",
  region: recoveryRegion,
  stack: recoveryStack,
  outputs: recovery,
});

export const sidesOf = (deployment: Deployment): readonly [primary: Side, recovery: Side] => [
  primarySide(deployment),
  recoverySide(deployment),
];

export const otherSide = (deployment: Deployment, { role }: Side): Side =>
  role === "primary" ? recoverySide(deployment) : primarySide(deployment);
