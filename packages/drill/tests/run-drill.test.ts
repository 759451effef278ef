import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DrillReport } from "../src/report.ts";
import { type DrillOptions, runDrillOn } from "../src/run-drill.ts";
import { type Misbehaviour, projectRoot, startFakeCloud } from "./fake-cloud.ts";

const pacing = { loadSeconds: 0.4, afterSeconds: 0.4, takeoverSeconds: 15 };

async function rehearse(misbehaviour: Misbehaviour = {}, options: DrillOptions = {}) {
  const { fake, start } = await startFakeCloud(misbehaviour);
  const report = await runDrillOn(start, { pacing, projectRoot, course: "failover", ...options });
  return { fake, report };
}

const failed = (report: DrillReport) =>
  report.checks.filter((check) => !check.ok).map((check) => check.id);

// A busy machine takes its time for a dozen processes.
describe.concurrent("a drill on a fake cloud", { timeout: 60_000 }, () => {
  it("tells the story from the first up to the last look-up, and every check holds", async () => {
    const { fake, report } = await rehearse();
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({ ok: true, failure: null, callsToLostRegion: 0 });
    expect(report.phases.map((phase) => phase.name)).toEqual([
      "Start the local cloud",
      "pulumi up -s prod-east --yes",
      "pulumi up -s prod-west --yes",
      "pulumi up -s prod-east --yes",
      "Both stacks again: nothing changes",
      "Preview of the failover: two updates",
      "The application answers in both Regions",
      "Load: writes through us-east-1, reads through both",
      "us-east-1 is lost (hang)",
      "pulumi config set failover true -s prod-west",
      "pulumi up -s prod-west --yes",
      "Writes and reads go on through us-west-2",
      "Every acknowledged write is looked up through us-west-2",
      "The failover again: nothing changes",
    ]);
    expect(report.writes.acknowledgedByRegion["us-east-1"]).toBeGreaterThan(0);
    expect(report.writes.acknowledgedByRegion["us-west-2"]).toBeGreaterThan(0);
    expect(fake.closed).toBe(1);
  });

  it("counts acknowledged writes that the loss took with it", async () => {
    const { report } = await rehearse();
    const { lost, dataLossSeconds } = report.writes;
    expect(lost?.length).toBeGreaterThan(0);
    expect(dataLossSeconds).toBeLessThan(2);
    expect(new Set(lost).size).toBe(lost?.length);
  });

  it.each<[string, Misbehaviour]>([
    ["promotion-before-move", { recordFirst: true }],
    ["no-write-lost-after-failover", { forgetsEveryNthWrite: 3 }],
    ["own-secret-copy", { usesForeignSecret: true }],
    ["lost-region-untouched", { asksLostRegion: true }],
    ["second-up-changes-nothing", { neverSettles: true }],
  ])("finds in a whole drill that %s does not hold with %j", async (id, misbehaviour) => {
    const { report } = await rehearse(misbehaviour);
    expect(report.ok).toBe(false);
    expect(failed(report)).toContain(id);
  });

  it("ends early with the engine's last words, without secrets, and closes the cloud", async () => {
    const { fake, report } = await rehearse({ engineFailsOn: "up --stack prod-west" });
    expect(report.ok).toBe(false);
    expect(report.failure).toMatch(
      /^pulumi up --stack prod-west --yes --suppress-outputs --skip-preview failed with exit code 255/,
    );
    expect(report.failure).toContain("error: no credentials: [secret]");
    expect(JSON.stringify(report)).not.toContain("fake-passphrase-value");
    expect(report.phases.at(-1)?.name).toBe("pulumi up -s prod-west --yes");
    expect(fake.closed).toBe(1);
  });

  it("says what it waited for when the recovery Region never takes over", async () => {
    const { report } = await rehearse(
      { neverTakesOver: true },
      { pacing: { ...pacing, takeoverSeconds: 0.5 } },
    );
    expect(report.failure).toBe(
      "the first acknowledged write through us-west-2 did not end within 0.5 s",
    );
    expect(report.recoveryTimeSeconds).toEqual({ fromLoss: null, fromFlag: null });
    expect(report.callsToLostRegion).toBe(0);
  });

  it("rejects with the signal's reason when interrupted, after closing the cloud", async () => {
    const { fake, start } = await startFakeCloud();
    const interruption = new AbortController();
    const running = runDrillOn(start, {
      pacing: { ...pacing, loadSeconds: 600 },
      projectRoot,
      signal: interruption.signal,
      narrator: (title, work) => {
        if (title.startsWith("Load"))
          setTimeout(() => interruption.abort(new Error("enough")), 300);
        return work(() => undefined);
      },
    });
    await expect(running).rejects.toThrow("enough");
    expect(fake.closed).toBe(1);
  });

  it("keeps the evidence in a folder that the report names", async () => {
    const { report } = await rehearse({}, { keep: true });
    const folder = report.evidenceFolder ?? "";
    try {
      const kept = JSON.parse(await readFile(join(folder, "report.json"), "utf8"));
      expect(kept).toEqual(report);
      const history = await readFile(join(folder, "history.jsonl"), "utf8");
      const writes = history
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
        .filter((attempt) => attempt.kind === "write" && attempt.orderId !== undefined);
      expect(writes).toHaveLength(report.writes.acknowledged);
      expect(await readFile(join(folder, "pulumi", "01.log"), "utf8")).toContain("$ pulumi up");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
