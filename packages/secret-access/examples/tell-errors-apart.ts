import {
  AccessError,
  ConfigurationError,
  CredentialsError,
  createDatabasePool,
  DatabaseAccessDeniedError,
  DatabaseIdentityError,
  DatabaseUnreachableError,
  MalformedSecretError,
  OutcomeUnknownError,
  QueryDeadlineError,
  SecretAccessDeniedError,
  SecretNotFoundError,
  SecretUnavailableError,
} from "@standby/secret-access";

const pool = createDatabasePool();

/** A request handler answers "later" when nothing was sent, and leaves everything else to its caller. */
export async function ready(): Promise<{ status: number; code?: string }> {
  try {
    await pool.query("SELECT 1");
  } catch (error) {
    if (error instanceof DatabaseUnreachableError) return { status: 503, code: error.code };
    throw error;
  }
  return { status: 200 };
}

/** Whose turn it is after an error: one class for each thing to do. */
export function turnOf(error: unknown): "caller" | "operator" | "reader of the data" | "unknown" {
  if (error instanceof QueryDeadlineError || error instanceof OutcomeUnknownError)
    return "reader of the data";
  if (error instanceof SecretUnavailableError || error instanceof DatabaseUnreachableError)
    return "caller";
  return error instanceof AccessError ? "operator" : "unknown";
}

/** The line of an alarm, without any value of a secret. */
export function alarmLine(error: AccessError): string {
  if (error instanceof MalformedSecretError) return `correct ${error.keys.join(", ")}`;
  if (error instanceof SecretNotFoundError) return "replicate the secret to this Region";
  if (error instanceof SecretAccessDeniedError) return "grant the secret or its key";
  if (error instanceof CredentialsError) return "renew the credentials, or set the clock";
  if (error instanceof ConfigurationError) return "correct the environment";
  if (error instanceof DatabaseIdentityError) return "look at the CNAME and the certificate";
  if (error instanceof DatabaseAccessDeniedError) return "compare the secret with the user";
  return error.message;
}
