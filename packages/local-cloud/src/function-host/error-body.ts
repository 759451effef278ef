import type { ErrorBody } from "../functions/messages.ts";

/** What Lambda's runtime makes of whatever a handler throws. */
export const errorBody = (error: unknown): ErrorBody => {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? `${error.name}: ${error.message}`).split("\n"),
  };
};
