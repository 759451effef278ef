#!/usr/bin/env node
import "./node-20.ts";
import { run } from "./run.ts";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    if (interruption.signal.aborted) process.stderr.write("Still ending what was started…\n");
    interruption.abort(new Error(`interrupted by ${signal}`));
  });

const { stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), {
  stdout,
  stderr,
  signal: interruption.signal,
});
// All is ended and printed: a handle that a library forgot must not keep a script waiting.
setTimeout(() => process.exit(), 2000).unref();
