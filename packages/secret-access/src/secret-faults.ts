import {
  AccessError,
  ConfigurationError,
  CredentialsError,
  SecretAccessDeniedError,
  SecretNotFoundError,
  SecretUnavailableError,
} from "./errors.ts";

type Fault = readonly [code: string, names: RegExp, toDo?: string, ErrorClass?: ErrorConstructor];
type ErrorConstructor = new (code: never, message: string, cause: unknown) => AccessError;

/**
 * What to make of a failed call: the code, the names that it has, and what the caller has to do, where that is more than to try
 * again later. Names are those of the wire (AWS and older samples spell several of them with and without "Exception") and the
 * system's codes. The SDK makes generic errors of the names that its model lacks, so the name tells them apart, never the class:
 * a bundle can hold two SDKs. The first line that fits counts.
 */
const faults: readonly [Fault, ...Fault[]] = [
  ["network", /\bE(CONN|HOST|NET|PIPE)/],
  ["dns", /ENOTFOUND|EAI_/],
  ["deadline", /abort|time_?d?out/i],
  ["secret-not-found", /ResourceNotFound/, "is not here: replicate it", SecretNotFoundError],
  ["secret-deleted", /InvalidRequest/, "may be scheduled for deletion", SecretNotFoundError],
  [
    "key-access-denied",
    /Decryption|AccessDenied.* kms$/i,
    "needs kms:Decrypt on its key",
    SecretAccessDeniedError,
  ],
  [
    "secret-access-denied",
    /AccessDenied/,
    "needs secretsmanager:GetSecretValue",
    SecretAccessDeniedError,
  ],
  [
    "credentials",
    /Token|Credentials|UnrecognizedClient|Incomplete/,
    "needs valid AWS credentials",
    CredentialsError,
  ],
  ["clock-skew", /Signature|Expired|Skewed/, "needs a right clock or key", CredentialsError],
  ["throttled", /Throttl|TooMany|LimitExceeded|429/],
  // A broken answer is a SyntaxError.
  ["service-fault", /Internal|Unavailable|Syntax| 5/],
  // Whatever else AWS refuses: it does not understand the request, or does not know the caller's account there.
  ["configuration", / 4/, "is asked for wrongly", ConfigurationError],
];

interface WireError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Looked for in the error, in the first of those that it gathers (happy eyeballs) and in its causes; none says network. */
function faultOf(thrown: unknown): Fault {
  let error = thrown as WireError | undefined;
  for (let depth = 0; error && depth < 5; depth++) {
    // The refusals of the secret and of its key have one wire name: only the text tells them apart.
    const key = /\bkms\b/i.exec(String(error.message));
    // A reset socket is named TimeoutError by the SDK: its code is a witness too, and comes first in the table.
    const witnesses = `${error.code} ${error.name} ${error.$metadata?.httpStatusCode} ${key}`;
    const own = faults.find(([, names]) => names.test(witnesses));
    if (own) return own;
    error = (error.errors?.[0] ?? error.cause) as WireError | undefined;
  }
  return faults[0];
}

/** The typed error for what a Secrets Manager call threw. */
export function secretError(thrown: unknown, secretId: string, region: string): AccessError {
  if (thrown instanceof AccessError) return thrown;
  // A broken answer's SyntaxError quotes the answer, which may hold the value: it is shown in no way.
  const shown = thrown instanceof Error && !(thrown instanceof SyntaxError) ? thrown : undefined;
  const [code, , toDo = "cannot be read now", ErrorClass = SecretUnavailableError] =
    faultOf(thrown);
  const message = `secret ${secretId} in ${region} ${toDo}: ${code} (${shown?.message ?? "not JSON"})`;
  return new ErrorClass(code as never, message, shown);
}
