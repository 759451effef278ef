import { RecoveryError } from "./errors.ts";

const linesShown = 12;

/** A command of the engine that failed; the message ends with what the engine said last. */
export class EngineError extends RecoveryError {
  override readonly name = "EngineError";
  /** Everything that it printed, without what the environment holds of secrets. */
  readonly output: string;

  constructor(message: string, output: string, next: readonly string[] = []) {
    super([message, ...lastWords(output)].join("\n"), next);
    this.output = output;
  }
}

/** The errors of the engine's text; its last lines when it named none. */
function lastWords(output: string): readonly string[] {
  const lines = output
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "");
  const first = lines.findIndex((line) => /^\s*error:/.test(line));
  const chosen = first < 0 ? lines.slice(-linesShown) : lines.slice(first).slice(0, linesShown);
  return chosen.map((line) => `  ${line.trim()}`);
}

/** Who holds a stack's lock, by the lock itself. */
export interface EngineLock {
  readonly owner: string;
  readonly host: string | undefined;
  readonly pid: number | undefined;
  readonly since: string | undefined;
}

/** Another update holds the stack, or one that was killed left its lock behind. */
export class EngineLockedError extends RecoveryError {
  override readonly name = "EngineLockedError";
  readonly lock: EngineLock;

  constructor(command: string, lock: EngineLock) {
    const since = lock.since === undefined ? "" : ` since ${lock.since}`;
    super(`${command} was refused: the stack is locked by ${lock.owner}${since}.`);
    this.lock = lock;
  }
}

const ownLock = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/;

/** The lock that the engine's text tells of: of a backend in files or a bucket, or of Pulumi's own service. */
export function lockIn(output: string): EngineLock | undefined {
  if (/the stack is currently locked by/.test(output)) {
    const [, user = "somebody", host, pid, since] = ownLock.exec(output) ?? [];
    return {
      owner: host === undefined ? user : `${user}@${host} (pid ${pid})`,
      host,
      pid: pid === undefined ? undefined : Number(pid),
      since,
    };
  }
  return /another update is currently in progress/i.test(output)
    ? { owner: "another update", host: undefined, pid: undefined, since: undefined }
    : undefined;
}
