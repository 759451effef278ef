import { ExecaError, execa } from "execa";

/** Where and how commands run: the local cloud says it. */
export interface CommandSettings {
  readonly projectFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Each command's output, for those who keep it. */
  readonly onOutput?: (command: string, output: string) => void;
}

/** A command that failed. The lines of the message after the first are what it said last. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number | undefined;
  readonly output: string;

  constructor(message: string, exitCode: number | undefined, output: string) {
    super(message);
    this.exitCode = exitCode;
    this.output = output;
  }
}

const lastLinesShown = 25;

/**
 * Runs a program of the local cloud's PATH to its end and returns what it wrote to stdout.
 *
 * @throws CommandError; the signal's reason when it is aborted
 */
export async function runCommand(
  { projectFolder, environment, signal, onOutput }: CommandSettings,
  program: string,
  words: readonly string[],
  {
    timeoutSeconds,
    quiet = [],
  }: { readonly timeoutSeconds: number; readonly quiet?: readonly string[] },
): Promise<string> {
  const command = `${program} ${words.join(" ")}`;
  try {
    const { stdout, all } = await execa(program, [...words, ...quiet], {
      cwd: projectFolder,
      env: environment,
      // The environment says all: nothing of the person's own may lead a command to a real account.
      extendEnv: false,
      preferLocal: false,
      stdin: "ignore",
      all: true,
      cancelSignal: signal,
      // The engine and the moves end cleanly on SIGINT: nothing of them is left behind.
      killSignal: "SIGINT",
      forceKillAfterDelay: 5000,
      timeout: timeoutSeconds * 1000,
    });
    onOutput?.(command, all);
    return stdout;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    const output = String(error.all ?? "");
    onOutput?.(command, output);
    throw explain(error, { program, command, output, timeoutSeconds, environment });
  }
}

interface Failed {
  readonly program: string;
  readonly command: string;
  readonly output: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

function explain(error: ExecaError, failed: Failed): CommandError {
  const { program, command, output, timeoutSeconds, environment } = failed;
  if (error.code === "ENOENT")
    return new CommandError(
      `${program} was not found on the local cloud's PATH. Run \`node tools/bootstrap.mjs\` and try again.`,
      undefined,
      "",
    );
  const reason = error.timedOut
    ? `did not end within ${timeoutSeconds} s and was stopped`
    : `failed with exit code ${error.exitCode ?? error.signal ?? "unknown"}`;
  const shown = withoutSecrets(lastLines(output), environment);
  return new CommandError(`${command} ${reason}\n${shown}`, error.exitCode, output);
}

const lastLines = (output: string): string =>
  output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-lastLinesShown)
    .map((line) => `  ${line}`)
    .join("\n");

/** The engine masks what it knows to be secret; what it was given by its environment it does not know. */
function withoutSecrets(text: string, environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .filter(([name, value]) => /SECRET|PASSPHRASE|PASSWORD|TOKEN/.test(name) && value.length >= 4)
    .reduce((rest, [, value]) => rest.replaceAll(value, "[secret]"), text);
}
