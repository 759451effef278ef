import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { databasesUnderTest } from "@standby/local-cloud/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeployedPair, deployedPair } from "./support/deployed-pair.ts";
import { longestPause, readOrders, startOrderLoad } from "./support/order-load.ts";

const east1 = "orders-prod-1 in us-east-1";
const west1 = "orders-prod-1 in us-west-2";
const east2 = "orders-prod-2 in us-east-1";
const west2 = "orders-prod-2 in us-west-2";

const databases = await databasesUnderTest("one kind");
const title = "the moves on the real engine and $program.version, in the order of an outage";

describe.each(databases)(title, { timeout: 600_000 }, ({ dialect }) => {
  let pair: DeployedPair;
  const written: string[] = [];
  beforeAll(async () => {
    pair = await deployedPair({ database: dialect.kind });
  }, 600_000);
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  const succeeded = (ended: Awaited<ReturnType<DeployedPair["standby"]>>) => {
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    return JSON.parse(ended.stdout) as Readonly<Record<string, unknown>>;
  };
  const settled = async () => {
    expect(await pair.pending("prod-west")).toEqual([]);
    expect(await pair.pending("prod-east")).toEqual([]);
  };
  const nothingLost = async (region: string) => {
    const ids = await readOrders(pair.cloud, region);
    expect(written.filter((key) => !ids.includes(key))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  };

  it("plans a failover with a line for a shell for each step, and changes nothing", async () => {
    const before = pair.cloud.calls().length;
    const { exitCode, stdout } = await pair.standby("failover", "--dry-run", "--json");
    expect(exitCode).toBe(0);
    const { steps } = JSON.parse(stdout) as {
      steps: readonly { readonly id: string; readonly byHand: readonly string[] }[];
    };
    expect(steps.map(({ id }) => id)).toEqual([
      "fence-source",
      "promote",
      "set-flags",
      "move-name",
      "verify",
      "settle-recovery",
    ]);
    expect(steps.every(({ byHand }) => byHand.length > 0)).toBe(true);
    const changing = pair.cloud
      .calls({ after: before })
      .filter(({ operation }) => /^(Modify|Promote|Add|Change|Put)/.test(operation));
    expect(changing.filter(({ principal }) => principal.endsWith("user/operator"))).toEqual([]);
  });

  it("reads from the standby while writes are refused, and takes that back by the flag", async () => {
    const before = startOrderLoad(pair.cloud, "us-west-2");
    await expect.poll(() => before.acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(3);
    await before.stop();
    written.push(...before.acknowledged.map(({ key }) => key));

    succeeded(await pair.standby("failover", "--read-only", "--yes", "--json"));
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(west1);
    await settled();
    await nothingLost("us-west-2");
    const refused = startOrderLoad(pair.cloud, "us-west-2");
    await expect.poll(() => refused.failures, { timeout: 30_000 }).toBeGreaterThan(1);
    await refused.stop();
    expect(refused.acknowledged).toEqual([]);

    for (const words of ["config set readOnlyFailover false", "up --yes --skip-preview"]) {
      const { exitCode, text } = await pair.pulumi(...words.split(" "), "-s", "prod-west");
      expect(exitCode, text).toBe(0);
    }
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(east1);
    await settled();
  });

  it("switches over to us-west-2 under load, loses no write and doubles none", async () => {
    const load = startOrderLoad(pair.cloud, "us-east-1");
    const report = succeeded(await pair.standby("switchover", "--yes", "--json"));
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(west1);
    await load.stop();
    written.push(...load.acknowledged.map(({ key }) => key));
    expect(written.length).toBeGreaterThan(10);
    await nothingLost("us-west-2");
    expect(report).toMatchObject({ activeRegion: "us-west-2" });
    expect(longestPause(load)).toBeLessThan(60);
    await settled();
  });

  it("refuses another one before there is a standby", async () => {
    const { exitCode, stderr } = await pair.standby("switchover", "--yes");
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/us-east-1 has no replica.*\n\s+next: standby rebuild/);
  });

  it("rebuilds us-east-1 under load and goes home without losing a write", async () => {
    const load = startOrderLoad(pair.cloud, "us-west-2");
    succeeded(await pair.standby("rebuild", "--yes", "--json"));
    await settled();
    succeeded(await pair.standby("switchover", "--yes", "--json"));
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(east2);
    await load.stop();
    written.push(...load.acknowledged.map(({ key }) => key));
    await nothingLost("us-east-1");
    await settled();
  });

  it("rebuilds us-west-2, and fails over there with us-east-1 dark", async () => {
    succeeded(await pair.standby("rebuild", "--yes", "--json"));
    await settled();
    await pair.cloud.lose("us-east-1", "hang");
    const report = succeeded(
      await pair.standby("failover", "--yes", "--accept-data-loss", "unknown", "--json"),
    );
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(west2);
    await nothingLost("us-west-2");
    expect(report).toMatchObject({ activeRegion: "us-west-2" });
    expect(String((report["next"] as readonly string[])[0])).toBe(
      'git commit -m "Fail over to us-west-2" Pulumi.prod-west.yaml Pulumi.prod-east.yaml && git push',
    );
    const file = await readFile(join(pair.cloud.projectFolder, "Pulumi.prod-west.yaml"), "utf8");
    expect(file).toContain('standby:failover: "true"');
  });

  it("asked the lost Region the questions of the fence's, and Route 53", () => {
    const lost = pair.callsSinceLoss().filter((call) => call.startsWith("us-east-1 "));
    const others = lost.filter((call) => !call.includes("route53:"));
    expect(new Set(others)).toEqual(
      new Set(["us-east-1 rds:DescribeDBInstances", "us-east-1 sts:GetCallerIdentity"]),
    );
    // The SDK may send a question twice within its deadline.
    expect(others.length).toBeLessThanOrEqual(4);
  });

  it("changes nothing when the failover is typed again", async () => {
    const after = pair.cloud.calls().length;
    succeeded(await pair.standby("failover", "--yes", "--json"));
    const changing = pair.cloud
      .calls({ after })
      .filter(({ principal }) => principal.endsWith("user/operator"))
      .filter(({ operation }) => /^(Modify|Promote|Add|Change)/.test(operation));
    expect(changing).toEqual([]);
  });

  it("gets a standby again when us-east-1 is back, and lists what its old database accepted", async () => {
    await pair.cloud.restore("us-east-1");
    const report = succeeded(await pair.standby("rebuild", "--yes", "--json"));
    await settled();
    await nothingLost("us-west-2");
    expect(await pair.recordTarget()).toBe(west2);
    expect((report["next"] as readonly string[]).join("\n")).toContain(
      "aws rds delete-db-instance --db-instance-identifier orders-prod-2",
    );
    const list = await readFile(
      join(pair.cloud.projectFolder, "standby-diverged-orders-prod-2-us-east-1.json"),
      "utf8",
    );
    expect(JSON.parse(list)).toMatchObject({ schema: "standby.diverged/1", complete: true });
  });

  it("keeps all of it in the journal, one run after the other", async () => {
    const { stdout, exitCode } = await pair.standby("history", "--json");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/switchover[\s\S]*rebuild[\s\S]*failover/);
  });
});
