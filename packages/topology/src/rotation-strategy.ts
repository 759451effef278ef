/** AWS's two strategies for the users of a database whose password rotates. */
export const rotationStrategies = ["single-user", "alternating-users"] as const;

/**
 * `single-user`: the user gets a new password, which counts a moment before the secret says so. `alternating-users`: two users take
 * turns, and the one in use keeps its password.
 */
export type RotationStrategy = (typeof rotationStrategies)[number];

export const isRotationStrategy = (text: string): text is RotationStrategy =>
  rotationStrategies.some((strategy) => strategy === text);
