// Runs what documents say can be typed, each in a local cloud of its own, and compares what comes out with what it shows:
// node tools/walk-docs.mjs README.md docs/runbook.md
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { walkBlocks } from "../apps/cli/tools/doc-walk/blocks.ts";
import { difference } from "../apps/cli/tools/doc-walk/compare.ts";

const root = join(import.meta.dirname, "..");
const blockTimeoutMilliseconds = 600_000;

/** Its exit code, and what it printed on both streams in the order of a terminal. */
function run(command, words, { show }) {
  return new Promise((done, fail) => {
    const child = spawn(command, words, {
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
      // A whole walk, which is what is shown, ends by its blocks' time-outs.
      ...(show ? {} : { timeout: blockTimeoutMilliseconds }),
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
    child.once("error", fail);
    child.once("close", (code, signal) => done({ exitCode: code ?? `killed by ${signal}`, text }));
  });
}

/** One block; prints its time, and what is wrong. */
async function walkBlock({ line, commands, exitCode, output }) {
  const started = performance.now();
  const ended = await run("bash", ["-eo", "pipefail", "-c", `exec 2>&1\n${commands}`], {});
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const problem =
    ended.exitCode === exitCode
      ? output === undefined
        ? undefined
        : difference(output, ended.text)
      : `exit code ${ended.exitCode}, and the document says ${exitCode}`;
  const [first] = commands.split("\n");
  console.log(`${problem ? "FAIL" : "ok  "}  line ${line}  ${seconds.padStart(5)} s  ${first}`);
  if (problem) console.log(`${problem}\n--- what came:\n${ended.text}---`);
  return problem === undefined;
}

/** In the folder and environment of a local cloud. The first block that is wrong ends the walk: the others build on it. */
async function walk(file) {
  const blocks = walkBlocks(await readFile(file, "utf8"));
  if (blocks.length === 0) throw new Error(`${file} has no block that is marked "sh walk".`);
  for (const block of blocks) if (!(await walkBlock(block))) return 1;
  console.log(`${blocks.length} blocks of ${file} do what it says.`);
  return 0;
}

/** Of a walk in a new local cloud. */
async function walkInCloud(file) {
  const cloud = join(root, "packages", "local-cloud", "src", "command.ts");
  const again = [process.execPath, import.meta.filename, "--inside", resolve(file)];
  const { exitCode } = await run(process.execPath, [cloud, ...again], { show: true });
  return typeof exitCode === "number" ? exitCode : 1;
}

const [first, ...others] = process.argv.slice(2);
if (first === undefined) {
  console.error("usage: node tools/walk-docs.mjs <document>…");
  process.exitCode = 2;
} else if (first === "--inside") process.exitCode = await walk(others[0]);
else
  for (const file of [first, ...others]) {
    const exitCode = await walkInCloud(file);
    if (exitCode !== 0) process.exitCode = exitCode;
  }
