type Level = "info" | "error";

/** One line of JSON, which CloudWatch Logs can filter. Fields are named by the caller: nothing is printed that was not chosen. */
export function log(
  level: Level,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  const line = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
  process.stdout.write(`${line}\n`);
}

/** What of an error may be printed: a statement's text and parameters are part of mysql2's errors and stay out. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: "not an error" };
  const { code, errno } = error as { readonly code?: unknown; readonly errno?: unknown };
  return {
    name: error.name,
    message: error.message,
    code,
    errno,
    ...(error.cause instanceof Error ? { cause: describeError(error.cause) } : {}),
  };
}
