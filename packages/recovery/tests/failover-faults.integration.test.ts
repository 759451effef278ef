import { describe, expect, it } from "vitest";
import { deployedPair } from "./support/deployed-pair.ts";

const west1 = "orders-prod-1 in us-west-2";
/** The command's own deadline for one call of Route 53. */
const silentControlPlaneSeconds = 10;
const busyMachineSeconds = 15;
const failover = ["failover", "--yes", "--accept-data-loss", "unknown"] as const;

describe("a failover under faults, on the real engine", { timeout: 600_000 }, () => {
  it("lets one of two operators win and tells the other who it is", async () => {
    await using pair = await deployedPair();
    await pair.cloud.lose("us-east-1", "refuse");
    const both = await Promise.all([pair.standby(...failover), pair.standby(...failover)]);
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 3]);
    const refused = both.find(({ exitCode }) => exitCode === 3);
    expect(refused?.stderr).toMatch(
      /A failover of this pair is under way: \S+@\S+ \(pid \d+\), since 20\d\d-/,
    );
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(west1);
  });

  it("ends with 4 when Route 53's control plane is down, says what is left, and goes on there", async () => {
    await using pair = await deployedPair();
    await pair.cloud.lose("us-east-1", "hang");
    pair.cloud.loseRoute53ControlPlane("hang");
    let promotedAt = Number.NaN;
    pair.cloud.onCall(({ operation }) => {
      if (operation === "PromoteReadReplica") promotedAt = performance.now();
    });
    const first = await pair.standby(...failover);
    const waitedSeconds =
      (performance.now() - promotedAt) / 1000 - pair.cloud.dials.promotionSeconds;
    expect(first).toMatchObject({ exitCode: 4 });
    expect(waitedSeconds).toBeLessThan(silentControlPlaneSeconds + busyMachineSeconds);
    expect(first.stderr).toContain("a pair with dnsSwitch health-check needs none");
    expect(first.stderr).toMatch(
      /is promoted and takes writes; db\.orders\.internal does not name it/,
    );
    const promoted = () =>
      pair.callsSinceLoss().filter((call) => call.endsWith("rds:PromoteReadReplica")).length;
    expect(promoted()).toBe(1);

    pair.cloud.restoreRoute53ControlPlane();
    expect(await pair.standby(...failover)).toMatchObject({ exitCode: 0 });
    expect(promoted()).toBe(1);
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(west1);
  });
});
