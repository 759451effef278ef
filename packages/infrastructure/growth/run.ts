import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { linesOf, print, type Subject, subjects, targetsOf, type Update } from "./assessment.ts";
import { type Usage, watched } from "./process-tree.ts";

/** `run.ts [--json]`: many secrets in three Regions, the program's component against a bare program. Exit 1 when a target is missed. */

const sizes = [
  { secrets: 1, noOpRounds: 5 },
  { secrets: 50, noOpRounds: 3 },
  { secrets: 500, noOpRounds: 2 },
] as const;
const asJson = process.argv.includes("--json");

interface Answer {
  readonly done?: true;
  readonly error?: string;
}

async function answerOf(deployment: ChildProcess): Promise<void> {
  const ended = once(deployment, "exit").then(() => [{ error: "the deployment's process ended" }]);
  const [answer] = (await Promise.race([once(deployment, "message"), ended])) as [Answer];
  if (answer.error !== undefined) throw new Error(answer.error);
}

async function start(subject: Subject, secrets: number): Promise<ChildProcess> {
  const deployment = fork(join(import.meta.dirname, "deployment.ts"), [subject, String(secrets)]);
  await answerOf(deployment);
  return deployment;
}

async function update(deployment: ChildProcess): Promise<Usage & { readonly seconds: number }> {
  const { pid } = deployment;
  if (pid === undefined) throw new Error("the deployment's process did not start");
  const started = performance.now();
  deployment.send("up");
  const usage = await watched(pid, answerOf(deployment));
  return { ...usage, seconds: (performance.now() - started) / 1000 };
}

/** Both programs by turns, each against a local cloud of its own. */
async function measure(secrets: number, noOpRounds: number): Promise<readonly Update[]> {
  const updates: Update[] = [];
  const deployments: { readonly subject: Subject; readonly process: ChildProcess }[] = [];
  try {
    for (const subject of subjects)
      deployments.push({ subject, process: await start(subject, secrets) });
    for (let round = 0; round <= noOpRounds; round += 1) {
      const kind = round === 0 ? "first" : "no-op";
      for (const { subject, process: deployment } of deployments) {
        const used = await update(deployment);
        updates.push({ subject, secrets, kind, ...used });
        const seconds = used.seconds.toFixed(1);
        process.stderr.write(`${secrets} secrets, ${subject}, ${kind} up: ${seconds} s\n`);
      }
    }
    return updates;
  } finally {
    for (const { process: deployment } of deployments) {
      deployment.disconnect();
      if (deployment.exitCode === null) await once(deployment, "exit");
    }
  }
}

const updates: Update[] = [];
for (const { secrets, noOpRounds } of sizes) updates.push(...(await measure(secrets, noOpRounds)));
const lines = linesOf(updates);
const targets = targetsOf(lines);
const where = { node: process.version, processors: availableParallelism() };
console.log(asJson ? JSON.stringify({ ...where, lines, targets }, null, 2) : print(lines, targets));
process.exitCode = targets.every(({ met }) => met) ? 0 : 1;
