import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { sectionsOf, typeSection } from "../break-glass-page.ts";
import type { FaultPair } from "../fault-pair.ts";
import { lookUntil, recordTargetUntil, saidBy, writeUntil } from "../looks.ts";
import { observed, type Scenario } from "../scenario.ts";

/** The engine's state is gone in the night in which us-east-1 is lost: the page that `preflight` left is typed, line for line. */
export const stateUnreadable: Scenario = {
  rows: [39],
  isOneWay: true,
  async run(pair) {
    const { cloud, addresses, orders } = pair;
    const page = await storedPage(pair);
    const state = join(cloud.folder, "state");
    await rename(state, `${state}.away`);
    await cloud.lose("us-east-1", "hang");
    const command = await pair.standby("failover", "--yes", "--accept-data-loss", "unknown");
    const sections = sectionsOf(page);
    const later = sections.findIndex(({ title }) => title.startsWith("Afterwards"));
    // Its text says to leave the fence out when the Region does not answer.
    const now = sections.slice(0, later).filter(({ title }) => !title.startsWith("Refuse writes"));
    for (const section of now) await typeSection(pair, section);
    const target = await recordTargetUntil(pair, addresses.west);
    const answer = await writeUntil(orders.west, (each) => each === "taken");
    await rename(`${state}.away`, state);
    const end = await afterwards(pair, sections.slice(later));
    return [
      observed(
        39,
        command.exitCode !== 0 &&
          target === addresses.west &&
          answer === "taken" &&
          end.verdict === "ready",
        `standby failover: exit ${command.exitCode} (${saidBy(command.stderr)})`,
        `by ${now.length} sections of the page, with the AWS CLI: the CNAME names ${target}, a write: ${answer}`,
        `with the state back, its last section and the rebuild: ${end.verdict} ${end.codes.join(", ")}`,
      ),
    ];
  },
};

async function storedPage(pair: FaultPair): Promise<string> {
  const file = join(pair.cloud.folder, "break-glass.md");
  // The page is written whatever the verdict: a pair that was deployed a moment ago has no record of its lag yet.
  await pair.standby("preflight", "--no-previews", "--page", file);
  return await readFile(file, "utf8");
}

/** Its lines bring the program up to what was done; the commit is the operator's, and the Region returns before the rebuild. */
async function afterwards(pair: FaultPair, sections: ReturnType<typeof sectionsOf>) {
  await pair.cloud.restore("us-east-1");
  for (const { title, script } of sections) {
    const lines = script.split("\n").filter((line) => !/^(git|standby) /.test(line));
    const answered = lines.map((line) => line.replace(/^pulumi up/, "pulumi up --yes"));
    await typeSection(pair, { title, script: answered.join("\n") });
  }
  const { exitCode, stderr } = await pair.standby("rebuild", "--yes");
  if (exitCode !== 0) throw new Error(`rebuild ended with ${exitCode}: ${saidBy(stderr)}`);
  return await lookUntil(pair, ({ verdict }) => verdict === "ready");
}
