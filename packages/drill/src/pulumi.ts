import { CommandError, type CommandSettings, runCommand } from "./command-run.ts";

export interface RunOptions {
  readonly timeoutSeconds?: number;
}

export interface UpOptions extends RunOptions {
  /** Fails the run when anything changes. */
  readonly expectNoChanges?: boolean;
  readonly skipPreview?: boolean;
}

const defaultTimeoutSeconds = 120;

/** The engine's own words for "this run should have changed nothing". */
const unexpectedChanges = /no changes were expected/i;

/**
 * The real `pulumi` binary, found on the environment's PATH. Output is the engine's text, in which it masks secrets: its
 * event stream is never asked for, because that carries debug events with secrets in plain text.
 */
export class Pulumi {
  readonly #settings: CommandSettings;

  constructor(settings: CommandSettings) {
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
      if (error instanceof CommandError && unexpectedChanges.test(error.output)) return true;
      throw error;
    }
  }

  /** A preview that should show nothing to do: says whether it did. */
  async previewShowsChanges(stack: string): Promise<boolean> {
    try {
      await this.#run(["preview", "--stack", stack, "--expect-no-changes", "--suppress-outputs"]);
      return false;
    } catch (error) {
      if (error instanceof CommandError && unexpectedChanges.test(error.output)) return true;
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
  async configure(
    stack: string,
    values: Readonly<Record<string, string>>,
    { path = false } = {},
  ): Promise<void> {
    const settings = Object.entries(values).flatMap(([key, value]) => [
      "--plaintext",
      `${key}=${value}`,
    ]);
    await this.#run([
      "config",
      "set-all",
      "--stack",
      stack,
      ...(path ? ["--path"] : []),
      ...settings,
    ]);
  }

  outputs(stack: string): Promise<string> {
    return this.#run(["stack", "output", "--json", "--stack", stack]);
  }

  #run(
    words: readonly string[],
    { timeoutSeconds = defaultTimeoutSeconds }: RunOptions = {},
  ): Promise<string> {
    return runCommand(this.#settings, "pulumi", words, {
      timeoutSeconds,
      quiet: ["--non-interactive", "--color", "never"],
    });
  }
}
