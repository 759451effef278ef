import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence } from "./evidence.ts";
import type { DrillReport } from "./report.ts";

export interface CommandOutput {
  readonly command: string;
  readonly output: string;
}

const lines = (entries: readonly unknown[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

/**
 * Writes what the report was made from, one record a line, and the engine's output. Returns the folder, which only its owner
 * can read.
 */
export async function keepEvidence(
  evidence: Evidence,
  report: DrillReport,
  commands: readonly CommandOutput[],
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "standby-drill-"));
  const engine = join(folder, "pulumi");
  await mkdir(engine);
  await Promise.all([
    writeFile(join(folder, "history.jsonl"), lines(evidence.attempts)),
    writeFile(join(folder, "answers.jsonl"), lines(evidence.answers)),
    writeFile(join(folder, "calls-after-loss.jsonl"), lines(evidence.callsAfterLoss ?? [])),
    writeFile(
      join(folder, "report.json"),
      `${JSON.stringify({ ...report, evidenceFolder: folder }, null, 2)}\n`,
    ),
    ...commands.map(({ command, output }, index) =>
      writeFile(
        join(engine, `${String(index + 1).padStart(2, "0")}.log`),
        `$ ${command}\n${output}\n`,
      ),
    ),
  ]);
  return folder;
}
