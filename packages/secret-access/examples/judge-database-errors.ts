import { faultAction, mayHaveBeenApplied } from "@standby/secret-access";

/** For code that sends statements by itself: may the same statement be sent once more? */
export function mayBeSentAgain(error: unknown): boolean {
  if (mayHaveBeenApplied(error)) return false;
  return ["wait", "leave-read-only-server", "refresh-credentials"].includes(faultAction(error));
}
