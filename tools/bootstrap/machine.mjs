// What every part of the set-up uses: where things are, programs, and what people see.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const modules = join(root, "node_modules");
/** For what is made once for this user. */
export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "standby");

export const say = (line) => process.stderr.write(`set-up  ${line}\n`);
export const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

/** Every executable of that name on PATH or in one of the further folders. */
export function findAll(name, ...folders) {
  const found = [];
  for (const folder of [...(process.env.PATH ?? "").split(delimiter), ...folders]) {
    if (folder === "" || folder.startsWith(modules)) continue;
    try {
      const file = join(folder, name);
      accessSync(file, constants.X_OK);
      found.push(file);
    } catch {}
  }
  return found;
}

export const find = (name, ...folders) => findAll(name, ...folders)[0];

/** Long outputs say what went wrong at their beginning (npm) or at their end (Go, apt). */
const excerpt = (lines) =>
  (lines.length <= 30 ? lines : [...lines.slice(0, 12), "…", ...lines.slice(-16)]).join("\n");

/** Runs a program to its end; `onLine` sees its output. Rejects with the last lines when it fails. */
export function run(file, args, { cwd = root, env = process.env, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const lines = [];
    let rest = "";
    const read = (chunk) => {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        onLine?.(line);
      }
      lines.splice(0, Math.max(0, lines.length - 2000));
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (rest) lines.push(rest);
      if (code === 0) resolve(lines.join("\n"));
      else
        reject(
          new Error(
            `${file} ${args.join(" ")}\nended with ${signal ?? `exit code ${code}`}:\n${excerpt(lines)}`,
          ),
        );
    });
  });
}

/** Prints a line when a step begins, every 20 s while it goes on, and when it is done. */
export async function step(title, expected, work) {
  const since = Date.now();
  let detail = "";
  say(`${title} … (${expected})`);
  const timer = setInterval(
    () => say(`${title} … ${seconds(since)}${detail && `, ${detail}`}`),
    20_000,
  );
  try {
    const result = await work((text) => {
      detail = text;
    });
    say(`${title}: done in ${seconds(since)}`);
    return result;
  } catch (error) {
    throw new Error(`${title} failed.\n${error.message}`);
  } finally {
    clearInterval(timer);
  }
}
