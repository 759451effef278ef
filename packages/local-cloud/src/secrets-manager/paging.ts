import { AwsError } from "../service.ts";

export const invalidToken = (): AwsError =>
  new AwsError("InvalidNextTokenException", "The NextToken value is invalid.");

/** How many a page may hold. Throws for a number outside 1 and the most. */
export function limitOf(maximum: number | undefined, most: number): number {
  if (maximum !== undefined && (maximum < 1 || maximum > most))
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${maximum}' at 'maxResults' failed to satisfy constraint: Member must have value ${maximum < 1 ? "greater than or equal to 1" : `less than or equal to ${most}`}`,
    );
  return maximum ?? most;
}
