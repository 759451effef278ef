/** The code by which AWS errors are told apart: many are unmodelled, so that `instanceof` does not see them. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : "");
