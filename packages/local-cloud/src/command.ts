// `npm run local-cloud`: a shell in a new local cloud, or one command in it. The cloud ends with the shell or the command.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { startLocalCloud } from "./cloud.ts";
import { type DatabaseKind, databaseKinds } from "./database-dialect.ts";
import type { Clock } from "./dials.ts";
import type { LocalCloud } from "./local-cloud.ts";

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Ending = (typeof endings)[number];

function welcome(cloud: LocalCloud): void {
  say(
    `\nTwo Regions are up (${cloud.databaseServerVersion}, clock: ${cloud.dials.clock}). In another terminal: source ${cloud.folder}/env`,
  );
  say("Try, in this order:");
  say(
    "  pulumi up -s prod-east --yes && pulumi up -s prod-west --yes && pulumi up -s prod-east --yes",
  );
  say("  pulumi config set failover true -s prod-west && pulumi preview -s prod-west");
  say("  local-cloud lose us-east-1");
  say("  pulumi up -s prod-west --yes");
  say(
    `  dig +short @${cloud.dnsServer.address} -p ${cloud.dnsServer.port} db.orders.internal CNAME`,
  );
  say("Leave with `exit`: everything in it is stopped and removed.\n");
}

/** A shell that reads the person's own settings first and the cloud's afterwards, so that theirs can't hide ours. */
async function shellIn(cloud: LocalCloud): Promise<readonly string[]> {
  const shell = process.env["SHELL"] ?? "/bin/bash";
  if (!shell.endsWith("/bash")) return [shell];
  const file = join(cloud.folder, "bashrc");
  const text = `[ -f ~/.bashrc ] && . ~/.bashrc\n. '${cloud.folder}/env'\nPS1='(local cloud) \\w \\$ '\n`;
  await writeFile(file, text);
  return [shell, "--rcfile", file, "-i"];
}

/** Resolves with what a shell would report for the command. */
function exitCodeOf(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      say(
        `${command}: ${"code" in error && error.code === "ENOENT" ? "command not found" : error.message}`,
      );
      resolve(127);
    });
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
}

/**
 * Runs it to its end. A terminal sends Ctrl-C to the child by itself; a second copy from here would make `pulumi` give up at once and
 * leave an operation pending, so it is passed on only where no terminal does that.
 */
async function runIn(
  cloud: LocalCloud,
  words: readonly string[],
  signals: EventTarget,
): Promise<number> {
  const [command = "", ...rest] = words;
  const child = spawn(command, rest, {
    cwd: cloud.projectFolder,
    env: { ...cloud.environment },
    stdio: "inherit",
  });
  signals.addEventListener("ending", (event) => {
    const signal = (event as CustomEvent<Ending>).detail;
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  });
  return await exitCodeOf(child, command);
}

interface Flags {
  readonly clock: Clock;
  readonly database?: DatabaseKind;
}

async function main(words: readonly string[], flags: Flags): Promise<number> {
  const abort = new AbortController();
  const signals = new EventTarget();
  let ended: Ending | undefined;
  for (const signal of endings)
    process.on(signal, () => {
      ended ??= signal;
      abort.abort(new Error(`interrupted by ${signal}`));
      signals.dispatchEvent(new CustomEvent("ending", { detail: signal }));
    });

  let cloud: LocalCloud;
  try {
    cloud = await startLocalCloud({
      ...flags,
      onProgress: (line) => say(`local cloud  ${line}`),
      signal: abort.signal,
    });
  } catch (error) {
    if (!ended)
      say(
        `The local cloud could not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    return ended ? 128 + constants.signals[ended] : 1;
  }
  try {
    if (ended) return 128 + constants.signals[ended];
    if (words.length > 0) return await runIn(cloud, words, signals);
    welcome(cloud);
    return await runIn(cloud, await shellIn(cloud), signals);
  } finally {
    await cloud.close();
  }
}

const program = new Command("local-cloud")
  .description(
    "Opens a shell in a new local cloud, or runs one command in it and passes its exit code.",
  )
  .addOption(
    new Option("--clock <clock>", "how long AWS's own waits take")
      .choices(["fast", "aws"])
      .default("fast"),
  )
  .addOption(
    new Option("--database <server>", "default: MySQL when one is installed, else MariaDB").choices(
      databaseKinds,
    ),
  )
  .argument("[command...]", "the command and its arguments; default: an interactive shell")
  .passThroughOptions()
  .action(async (words: readonly string[], flags: Flags) => {
    process.exitCode = await main(words, flags);
  });
await program.parseAsync();
