import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deployPair, type Pair, west } from "./support/pair.ts";

/** Everything that the engine starts has the cloud's folder among its arguments or variables. */
function enginesIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    const [command, variables] = ["cmdline", "environ"].map((file) =>
      textOf(`/proc/${pid}/${file}`),
    );
    return `${command}${variables}`.includes(folder) && /pulumi/.test(command ?? "");
  });
}

/** A process may end between being listed and being read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Runs the update and kills the engine with -9 as soon as the operation is called: its answer is not awaited. */
async function killAt(pair: Pair, operation: string): Promise<void> {
  const update = pair.start("up", "-s", "prod-west", "--yes", "--skip-preview");
  const stop = pair.cloud.onCall((call) => {
    if (
      `${call.service}:${call.operation}` === operation &&
      call.principal.endsWith("user/operator")
    )
      update.kill();
  });
  const signal = await update.ended;
  stop();
  expect(signal).toBe("SIGKILL");
  await expect.poll(() => enginesIn(pair.cloud.folder), { timeout: 10_000 }).toEqual([]);
}

/** What a person does after a kill: the lock is removed, the same update is typed again. */
async function carryOn(pair: Pair): Promise<void> {
  expect((await pair.pulumi("cancel", "-s", "prod-west", "--yes")).exitCode).toBe(0);
  const again = async () => {
    const { exitCode, text } = await pair.pulumi(
      "up",
      "-s",
      "prod-west",
      "--yes",
      "--skip-preview",
    );
    return exitCode === 0 ? "done" : text;
  };
  // RDS goes on by itself: while it promotes, an update is refused, and is typed again when it is done.
  await expect.poll(again, { timeout: 60_000, interval: 500 }).toBe("done");
}

describe("an update that is killed with -9", () => {
  it.each([
    ["before the promotion", "sts:GetCallerIdentity"],
    ["when the promotion was just asked for", "rds:PromoteReadReplica"],
    ["between the promotion and the record", "route53:GetHostedZone"],
    ["when the record's change was just asked for", "route53:ChangeResourceRecordSets"],
  ])("ends the same as one that was not, killed %s", async (_when, operation) => {
    await using pair = await deployPair();
    await pair.setFlag("failover", true);
    await pair.cloud.lose("us-east-1", "hang");
    await killAt(pair, operation);
    await carryOn(pair);

    await expect.poll(pair.recordTarget, { timeout: 15_000 }).toBe(west);
    expect(await pair.preview("prod-west")).toEqual([]);
    const promotions = pair.operations().filter((each) => each === "rds:PromoteReadReplica");
    expect(promotions.length).toBeGreaterThanOrEqual(1);
    const { text } = await pair.pulumi("stack", "export", "-s", "prod-west");
    const { deployment } = JSON.parse(text) as { deployment: { pending_operations?: unknown[] } };
    expect(deployment.pending_operations ?? []).toEqual([]);
  });
});
