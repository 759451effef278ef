import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { hasColour, print, printJson, type Terminal } from "./terminal.ts";
import { findingLines } from "./text/findings-text.ts";

/** Says why a command ended early, and what to type next. The only place that turns errors into exit codes. */
export async function explainError(
  error: unknown,
  asJson: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  if (terminal.signal.aborted) {
    const summary = "Interrupted. What was started has been ended.";
    if (asJson) await printJson(terminal.stdout, { schema: "standby.error/1", ok: false, summary });
    await print(terminal.stderr, `standby: ${summary}\n`);
    return exitCodes.interrupted;
  }
  // Loaded here, so that help and usage errors need not wait for the AWS clients.
  const { RecoveryError, RefusedError } = await import("@standby/recovery");
  const summary = error instanceof Error ? error.message : String(error);
  const next = error instanceof RecoveryError ? error.next : [];
  const findings = error instanceof RefusedError ? error.findings : [];
  if (asJson)
    await printJson(terminal.stdout, {
      schema: "standby.error/1",
      ok: false,
      summary,
      next,
      findings,
    });
  const colour = hasColour(terminal.stderr);
  const lines = [
    `standby: ${summary}`,
    ...findings.flatMap((finding) => findingLines(finding, { colour, width: 100 })),
    ...next.map((command) => `  next: ${command}`),
    // A person's mistake needs no stack; of a fault of ours it is of use.
    ...(error instanceof RecoveryError || !(error instanceof Error) ? [] : [error.stack ?? ""]),
  ];
  await print(terminal.stderr, `${lines.join("\n")}\n`);
  return await codeOf(error);
}

async function codeOf(error: unknown): Promise<ExitCode> {
  const { RefusedError, UnconfirmedError, UsageError } = await import("@standby/recovery");
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof RefusedError) return exitCodes.refused;
  if (error instanceof UnconfirmedError) return exitCodes.unconfirmed;
  return exitCodes.failed;
}
