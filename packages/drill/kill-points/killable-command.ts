import { watch } from "node:fs";
import type { Call, LocalCloud } from "@standby/local-cloud";
import { execa } from "execa";
import { descendantsOf } from "./descendants.ts";
import type { KillPoint } from "./kill-point.ts";

export interface CommandEnd {
  /** It met its point, and `kill -9`. */
  readonly killed: boolean;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const commandLine = new URL("../../../apps/cli/src/standby.ts", import.meta.url).pathname;
const commandMilliseconds = 400_000;

/** Runs the command as a person types it; at the point, if one is given, it is killed with -9. */
export async function runCommand(
  cloud: LocalCloud,
  words: readonly string[],
  point?: KillPoint,
): Promise<CommandEnd> {
  // Not the shell script of the same name: the signal has to meet the process itself.
  const child = execa(process.execPath, [commandLine, ...words], {
    cwd: cloud.projectFolder,
    env: cloud.environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: commandMilliseconds,
  });
  const { pid } = child;
  const stop =
    point && pid !== undefined ? killAt(point, pid, cloud, child.stderr) : () => undefined;
  const { exitCode = -1, stdout, stderr, signal } = await child;
  stop();
  return { killed: signal === "SIGKILL", exitCode, stdout, stderr };
}

/** Watches the command's progress, its calls and its files. Returns what ends the watch. */
function killAt(
  point: KillPoint,
  pid: number,
  { onCall, projectFolder }: LocalCloud,
  progress: NodeJS.ReadableStream,
): () => void {
  let isInside = false;
  const kill = () => {
    const engines = point.moment === "engine" ? descendantsOf(pid) : [];
    for (const each of [pid, ...engines.map((engine) => engine.pid)]) killProcess(each);
  };
  const isMiddle = point.moment === "during" || point.moment === "engine";
  const endCalls = onCall((call) => {
    if (isMiddle && isInside && isSign(call, point) && (point.moment === "during" || updates(pid)))
      kill();
  });
  const files = watch(projectFolder, (_event, name) => {
    if (isMiddle && isInside && point.sign === "file" && /^Pulumi\..+\.yaml$/.test(name ?? ""))
      kill();
  });
  eachLine(progress, (line) => {
    if (line.startsWith(`...   ${point.title}`)) {
      isInside = true;
      if (point.moment === "before") kill();
    }
    if (line.startsWith(`ok    ${point.title}`)) {
      isInside = false;
      if (point.moment === "after") kill();
    }
  });
  return () => {
    endCalls();
    files.close();
  };
}

function isSign(
  { principal, service, operation }: Call,
  { sign, operation: awaited }: KillPoint,
): boolean {
  // The journal and the lock are written between the steps.
  if (!principal.endsWith("user/operator") || service === "s3" || sign === "file") return false;
  if (awaited !== undefined) return operation === awaited;
  return sign === "look" || !/^(Get|Describe|List|Head)/.test(operation);
}

const updates = (pid: number): boolean =>
  descendantsOf(pid).some(({ command }) => /\bpulumi up\b/.test(command));

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function eachLine(stream: NodeJS.ReadableStream, listener: (line: string) => void): void {
  let rest = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener(line);
  });
}
