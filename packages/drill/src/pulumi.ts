import { ExecaError, execa } from "execa";

/** Where and how the engine runs: the local cloud says it. */
export interface PulumiSettings {
  readonly projectFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Each command's output, for those who keep it. */
  readonly onOutput?: (command: string, output: string) => void;
}

export interface RunOptions {
  readonly timeoutSeconds?: number;
}

export interface UpOptions extends RunOptions {
  /** Fails the run when anything changes. */
  readonly expectNoChanges?: boolean;
  readonly skipPreview?: boolean;
}

/** A command of the engine that failed. The lines after the first are what the engine said last. */
export class PulumiError extends Error {
  override readonly name = "PulumiError";
  readonly exitCode: number | undefined;
  readonly output: string;

  constructor(message: string, exitCode: number | undefined, output: string) {
    super(message);
    this.exitCode = exitCode;
    this.output = output;
  }
}

const defaultTimeoutSeconds = 120;
const lastLinesShown = 25;

/** The engine's own words for "this run should have changed nothing". */
const unexpectedChanges = /no changes were expected/i;

/**
 * The real `pulumi` binary, found on the environment's PATH. Output is the engine's text, in which it masks secrets: its
 * event stream is never asked for, because that carries debug events with secrets in plain text.
 */
export class Pulumi {
  readonly #settings: PulumiSettings;

  constructor(settings: PulumiSettings) {
    this.#settings = settings;
  }

  async up(stack: string, options: UpOptions = {}): Promise<void> {
    // Without the outputs, what the engine says last is why it failed.
    const flags = [
      "--suppress-outputs",
      ...(options.skipPreview ? ["--skip-preview"] : []),
      ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
    ];
    await this.#run(["up", "--stack", stack, "--yes", ...flags], options);
  }

  /** An `up` that should change nothing: says whether it did. */
  async upChangesSomething(stack: string, options: RunOptions = {}): Promise<boolean> {
    try {
      await this.up(stack, { ...options, skipPreview: true, expectNoChanges: true });
      return false;
    } catch (error) {
      if (error instanceof PulumiError && unexpectedChanges.test(error.output)) return true;
      throw error;
    }
  }

  /** A preview that should show nothing to do: says whether it did. */
  async previewShowsChanges(stack: string): Promise<boolean> {
    try {
      await this.#run(["preview", "--stack", stack, "--expect-no-changes", "--suppress-outputs"]);
      return false;
    } catch (error) {
      if (error instanceof PulumiError && unexpectedChanges.test(error.output)) return true;
      throw error;
    }
  }

  /** The JSON document of a preview. `configFile` stands in for the stack's own file. */
  preview(stack: string, configFile: string): Promise<string> {
    return this.#run(["preview", "--stack", stack, "--json", "--config-file", configFile]);
  }

  async setFlag(stack: string, flag: string, value: boolean, configFile?: string): Promise<void> {
    const file = configFile === undefined ? [] : ["--config-file", configFile];
    await this.#run(["config", "set", flag, String(value), "--stack", stack, ...file]);
  }

  /** Writes several values into the stack's file, in one go. */
  async configure(stack: string, values: Readonly<Record<string, string>>): Promise<void> {
    const settings = Object.entries(values).flatMap(([key, value]) => [
      "--plaintext",
      `${key}=${value}`,
    ]);
    await this.#run(["config", "set-all", "--stack", stack, ...settings]);
  }

  outputs(stack: string): Promise<string> {
    return this.#run(["stack", "output", "--json", "--stack", stack]);
  }

  async #run(words: readonly string[], options: RunOptions = {}): Promise<string> {
    const { projectFolder, environment, signal, onOutput } = this.#settings;
    const timeoutSeconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
    const command = `pulumi ${words.join(" ")}`;
    try {
      const { stdout, all } = await execa(
        "pulumi",
        [...words, "--non-interactive", "--color", "never"],
        {
          cwd: projectFolder,
          env: environment,
          // The environment says all: nothing of the person's own may lead the engine to a real account.
          extendEnv: false,
          preferLocal: false,
          stdin: "ignore",
          all: true,
          cancelSignal: signal,
          // The engine ends an update cleanly on SIGINT: nothing of it is left behind.
          killSignal: "SIGINT",
          forceKillAfterDelay: 5000,
          timeout: timeoutSeconds * 1000,
        },
      );
      onOutput?.(command, all);
      return stdout;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ExecaError)) throw error;
      const output = String(error.all ?? "");
      onOutput?.(command, output);
      throw explain(error, command, output, timeoutSeconds, environment);
    }
  }
}

function explain(
  error: ExecaError,
  command: string,
  output: string,
  timeoutSeconds: number,
  environment: Readonly<Record<string, string>>,
): PulumiError {
  if (error.code === "ENOENT")
    return new PulumiError(
      "pulumi was not found on the local cloud's PATH. Run `node tools/bootstrap.mjs` and try again.",
      undefined,
      "",
    );
  const reason = error.timedOut
    ? `did not end within ${timeoutSeconds} s and was stopped`
    : `failed with exit code ${error.exitCode ?? error.signal ?? "unknown"}`;
  const shown = withoutSecrets(lastLines(output), environment);
  return new PulumiError(`${command} ${reason}\n${shown}`, error.exitCode, output);
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
