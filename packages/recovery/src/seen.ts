import { RecoveryError } from "./errors.ts";
import type { Problem, Seen } from "./observation.ts";

/** A question under the deadline of its whole observation. */
export interface Look {
  /** Aborts when the caller gives up: nothing is concluded then. */
  readonly signal: AbortSignal;
  /** Aborts when the time is up: then the thing is unreachable. */
  readonly deadline: AbortSignal;
  readonly deadlineSeconds: number;
  /** Told of each question and of each answer, for who listens whether there is any. Default: nobody. */
  readonly ear?: {
    asked(service: string): void;
    answered(): void;
  };
}

/** One look at several things: they share the deadline, so that a dark Region costs it once. */
export const startLook = (signal: AbortSignal, deadlineSeconds: number): Look => ({
  signal,
  deadline: AbortSignal.timeout(deadlineSeconds * 1000),
  deadlineSeconds,
});

/** A fact that a call cannot tell, such as a resource that the deployment lacks. */
export class NothingToSee extends RecoveryError {
  override readonly name = "NothingToSee";
}

/**
 * Asks, and turns every failure into data. Ends at the deadline even if the library that asks does not.
 *
 * @param what - subject of the problem's sentence, such as `RDS in us-east-1`
 * @throws the signal's reason when the caller gives up
 */
export async function look<Thing>(
  what: string,
  look: Look,
  ask: (signal: AbortSignal) => Promise<Thing>,
): Promise<Seen<Thing>> {
  const both = AbortSignal.any([look.signal, look.deadline]);
  look.ear?.asked(what);
  try {
    const value = await orAborted(ask(both), both);
    look.ear?.answered();
    return { seen: true, value };
  } catch (error) {
    look.signal.throwIfAborted();
    if (look.deadline.aborted)
      return unseen("unreachable", `${what}: no answer within ${look.deadlineSeconds} s`);
    const problem = problemOf(what, error);
    // A status is an answer, whatever it says; a credential that was not found is none, nor is a refused connection.
    if (statusOf(error) > 0 || problem.kind === "failed") look.ear?.answered();
    return { seen: false, problem };
  }
}

export const unseen = (kind: Problem["kind"], message: string) =>
  ({ seen: false, problem: { kind, message } }) as const;

/** Credential look-up and name resolution do not know the signal. */
const orAborted = <Thing>(work: Promise<Thing>, signal: AbortSignal): Promise<Thing> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });

/** AWS spells some names with and some without `Exception`. */
const denials =
  /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthFailure|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|CredentialsProviderError|TokenProviderError)(Exception|Error)?$/;
const silences =
  /^(TimeoutError|AbortError|RequestTimeout|ServiceUnavailable|InternalFailure|InternalServerError|InternalServiceError|ServiceException|SlowDown)(Exception)?$/;
const deadConnections = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** By name, code and status, never by text. An answer of 5xx is no answer: nothing may be concluded from it. */
export function problemOf(what: string, error: unknown): Problem {
  const name = error instanceof Error ? error.name : "";
  const status = statusOf(error);
  if (error instanceof NothingToSee) return { kind: "skipped", message: error.message };
  if (denials.test(name)) return { kind: "denied", message: `${what}: ${name}` };
  if (deadConnections.has(codeOf(error)) || silences.test(name) || status >= 500)
    return { kind: "unreachable", message: `${what}: ${codeOf(error) || name || status}` };
  return {
    kind: "failed",
    message: `${what}: ${name || "an error that has no name"}`,
    errorName: name,
  };
}

const statusOf = (error: unknown): number =>
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | null)?.$metadata
    ?.httpStatusCode ?? 0;

const codeOf = (error: unknown): string => {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};
