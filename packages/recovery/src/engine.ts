import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { type PendingCreation, pendingCreations, withCreations } from "./engine-creations.ts";
import { EngineError, EngineLockedError, lockIn } from "./engine-errors.ts";
import { type PlannedOperation, readPreview } from "./engine-preview.ts";
import { readState, type StackState } from "./engine-state.ts";

/** Where and how the engine runs. */
export interface EngineSettings {
  /** Folder of Pulumi.yaml. */
  readonly projectFolder: string;
  /** Added to this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: `pulumi`, as PATH finds it. */
  readonly binary?: string;
}

interface EngineUp {
  /** Fails the run when anything changes. */
  readonly expectNoChanges?: boolean;
  readonly deadlineSeconds?: number;
}

/** The Pulumi engine, as the commands need it: the same that a person types. */
export interface Engine {
  /** The stack's outputs; secret ones are masked by the engine. */
  outputs(stack: string, signal: AbortSignal): Promise<unknown>;
  /** What the state holds, without any property of a resource. */
  state(stack: string, signal: AbortSignal): Promise<StackState>;
  /** What a killed update had begun to create. */
  pendingCreations(stack: string, signal: AbortSignal): Promise<readonly PendingCreation[]>;
  /** Ends every pending creation in the state: what has an id, by URN, was made. */
  settleCreations(
    stack: string,
    ids: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Reads these resources from AWS into the state; nothing of AWS is changed and the program is not run. */
  refresh(stack: string, urns: readonly string[], signal: AbortSignal): Promise<void>;
  /** What `up` would do; steps that change nothing are left out. `configFile` stands in for the stack's own file. */
  preview(
    stack: string,
    signal: AbortSignal,
    configFile?: string,
  ): Promise<readonly PlannedOperation[]>;
  up(stack: string, options: EngineUp, signal: AbortSignal): Promise<void>;
  /** Removes a lock; it does not stop whoever holds it. */
  cancel(stack: string, signal: AbortSignal): Promise<void>;
}

const quickSeconds = 30;
const previewSeconds = 120;
const upSeconds = 600;
/** The engine ends an update cleanly on one SIGINT; a provider that does not listen is not waited for longer. */
const interruptionSeconds = 15;

/**
 * The real `pulumi` binary. Its event stream is never asked for: it carries debug events that hold secrets in plain text.
 *
 * @throws EngineLockedError while somebody else's update holds the stack; EngineError with the engine's own last words.
 */
export function createEngine(settings: EngineSettings): Engine {
  const run = (words: readonly string[], seconds: number, signal: AbortSignal, input?: string) =>
    runEngine(settings, words, seconds, signal, input);
  const exported = (stack: string, signal: AbortSignal) =>
    run(["stack", "export", "-s", stack], quickSeconds, signal);
  const change = (words: readonly string[], seconds: number, signal: AbortSignal) =>
    runToItsEnd(settings, words, seconds, signal);
  const targets = (urns: readonly string[]) => urns.flatMap((urn) => ["--target", urn]);
  return {
    outputs: async (stack, signal) =>
      JSON.parse(await run(["stack", "output", "--json", "-s", stack], quickSeconds, signal)),
    state: async (stack, signal) => readState(await exported(stack, signal)),
    pendingCreations: async (stack, signal) => pendingCreations(await exported(stack, signal)),
    async settleCreations(stack, ids, signal) {
      const settled = withCreations(await exported(stack, signal), ids);
      await run(["stack", "import", "-s", stack], quickSeconds, signal, settled);
    },
    async refresh(stack, urns, signal) {
      const words = ["refresh", "-s", stack, "--yes", "--skip-preview", "--suppress-outputs"];
      if (urns.length > 0) await change([...words, ...targets(urns)], previewSeconds, signal);
    },
    async preview(stack, signal, configFile) {
      const file = configFile === undefined ? [] : ["--config-file", configFile];
      const words = ["preview", "-s", stack, "--json", ...file];
      return readPreview(await run(words, previewSeconds, signal));
    },
    async up(stack, { expectNoChanges, deadlineSeconds = upSeconds }, signal) {
      const words = ["up", "-s", stack, "--yes", "--skip-preview", "--suppress-outputs"];
      const expectation = expectNoChanges ? ["--expect-no-changes"] : [];
      await change([...words, ...expectation], deadlineSeconds, signal);
    },
    async cancel(stack, signal) {
      await run(["cancel", "-s", stack, "--yes"], quickSeconds, signal);
    },
  };
}

/** Any command of the engine; bounded, and its failure explained. */
export async function runEngine(
  settings: EngineSettings,
  words: readonly string[],
  seconds: number,
  signal: AbortSignal,
  input?: string,
): Promise<string> {
  signal.throwIfAborted();
  try {
    const { stdin, ...others } = optionsOf(settings, seconds, signal);
    const options = {
      ...others,
      ...(input === undefined ? { stdin } : { input }),
      all: true,
    } as const;
    return (await execa(...commandOf(settings, words), options)).stdout;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    throw explain(error, words, seconds, String(error.all ?? ""), settings);
  }
}

/**
 * The same for one that changes something: it writes to a file, because a pipe would end it in the middle of its work when this process
 * is killed. The engine masks secrets in what it prints.
 */
async function runToItsEnd(
  settings: EngineSettings,
  words: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), "standby-engine-"));
  const path = join(folder, "output");
  // Opened before the engine starts, so that it gets the file itself.
  const output = createWriteStream(path, { flags: "wx", mode: 0o600 });
  await once(output, "open");
  try {
    await execa(...commandOf(settings, words), {
      ...optionsOf(settings, seconds, signal),
      stdout: output,
      stderr: output,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ExecaError)) throw error;
    throw explain(error, words, seconds, await readFile(path, "utf8"), settings);
  } finally {
    output.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

const commandOf = (
  { binary = "pulumi" }: EngineSettings,
  words: readonly string[],
): [string, string[]] => [binary, [...words, "--non-interactive", "--color", "never"]];

const optionsOf = (
  { projectFolder, environment = {} }: EngineSettings,
  seconds: number,
  signal: AbortSignal,
) =>
  ({
    cwd: projectFolder,
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    preferLocal: false,
    stdin: "ignore",
    cancelSignal: signal,
    killSignal: "SIGINT",
    forceKillAfterDelay: interruptionSeconds * 1000,
    timeout: seconds * 1000,
    // A group of its own: a Ctrl-C would reach it a second time, and the engine takes two for "drop everything".
    detached: true,
  }) as const;

function explain(
  error: ExecaError,
  words: readonly string[],
  seconds: number,
  printed: string,
  { environment = {} }: EngineSettings,
): Error {
  if (error.code === "ENOENT")
    return new EngineError("pulumi was not found on the PATH.", "", ["pulumi version"]);
  const command = `pulumi ${words.join(" ")}`;
  const output = withoutSecrets(printed, { ...process.env, ...environment });
  const lock = lockIn(output);
  if (lock) return new EngineLockedError(command, lock);
  const reason = error.timedOut
    ? `did not end within ${seconds} s and was stopped`
    : `failed with exit code ${error.exitCode ?? error.signal ?? "unknown"}`;
  return new EngineError(`${command} ${reason}.`, output);
}

/** The engine masks what it knows to be secret; what it was given by its environment it does not know. */
const withoutSecrets = (text: string, environment: NodeJS.ProcessEnv): string =>
  Object.entries(environment)
    .filter(([name]) => /SECRET|PASSPHRASE|PASSWORD|TOKEN/.test(name))
    .map(([, value = ""]) => value)
    .filter((value) => value.length >= 4)
    .reduce((rest, value) => rest.replaceAll(value, "[secret]"), text);
