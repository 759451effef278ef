import type { ProcessExit } from "../child-processes.ts";
import type { InvocationResult } from "../data-planes.ts";
import type { ErrorBody } from "./messages.ts";

/** The Region was lost, or the local cloud closed, while an invocation waited or ran: nobody will answer it. */
export class EnvironmentsLostError extends Error {
  override readonly name = "EnvironmentsLostError";
}

export const failedResult = (error: ErrorBody, logTail: string): InvocationResult => ({
  payload: Buffer.from(JSON.stringify(error)),
  functionError: "Unhandled",
  logTail,
});

export const timedOut = (requestId: string, timeoutSeconds: number): ErrorBody => ({
  errorType: "Sandbox.Timedout",
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
});

export const exited = (requestId: string, exit: ProcessExit): ErrorBody => ({
  errorType: "Runtime.ExitError",
  errorMessage: `RequestId: ${requestId} Error: Runtime exited ${reasonOf(exit)}`,
});

const reasonOf = ({ code, signal, error }: ProcessExit): string => {
  if (error) return `with error: ${error.message}`;
  if (signal) return `with error: signal: ${signal.replace(/^SIG/, "").toLowerCase()}`;
  return code === 0 ? "without providing a reason" : `with error: exit status ${code}`;
};
