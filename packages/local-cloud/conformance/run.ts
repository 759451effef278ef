import { join } from "node:path";
import { execa } from "execa";
import { startLocalCloud } from "../src/index.ts";
import { pythonEnvironment } from "../src/python-environment.ts";

/**
 * Holds the local cloud against an independent client and against moto: makes a virtual environment of the pinned packages in
 * the per-user cache, starts both, runs every scenario on both. Optional for people: it needs Python and PyPI.
 */

const folder = import.meta.dirname;
const requirements = join(folder, "requirements.txt");
const startMilliseconds = 60_000;

const say = (line: string) => process.stderr.write(`conformance  ${line}\n`);

/** Starts moto's server; returns the URL that it says it listens on. */
async function startMoto(
  python: string,
  started: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<string> {
  const server = execa(python, ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    stdout: "ignore",
    stderr: "pipe",
    buffer: false,
    cancelSignal: signal,
  });
  const ended = server.catch((error: unknown) => error);
  started.defer(async () => {
    server.kill();
    await ended;
  });
  const deadline = AbortSignal.timeout(startMilliseconds);
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new Error("moto's server did not start.", { cause }));
    deadline.addEventListener("abort", () => fail(deadline.reason), { once: true });
    ended.then(fail, fail);
    // It is read to its end: a pipe that nobody empties would stop the server.
    server.stderr.on("data", (data: Buffer) => {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(data.toString("utf8")) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

async function main(options: readonly string[], signal: AbortSignal): Promise<number> {
  await using started = new AsyncDisposableStack();
  const programs = await pythonEnvironment({
    name: "conformance",
    requirements,
    onSetUp: () => say("making the Python environment (once for these requirements)"),
    signal,
  });
  const python = join(programs, "python");
  say("starting the local cloud and moto");
  const cloud = await startLocalCloud({ signal });
  started.defer(() => cloud.close());
  const urls = ["--local", cloud.endpoint, "--moto", await startMoto(python, started, signal)];
  const { exitCode } = await execa(python, [folder, ...urls, ...options], {
    env: { ...cloud.environment, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "inherit", "inherit"],
    reject: false,
    cancelSignal: signal,
  });
  return exitCode ?? 1;
}

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.once(name, () => interruption.abort(new Error(`Ended by ${name}.`)));
process.exitCode = await main(process.argv.slice(2), interruption.signal);
