import { describe, expect, it } from "vitest";
import { deployedPair } from "./support/deployed-pair.ts";

const west1 = "orders-prod-1 in us-west-2";
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
    pair.cloud.addFault({
      service: "route53",
      operation: "ChangeResourceRecordSets",
      kind: "refuse",
      errorCode: "ServiceUnavailable",
      status: 503,
      times: 3,
    });
    const first = await pair.standby(...failover);
    expect(first).toMatchObject({ exitCode: 4 });
    expect(first.stderr).toMatch(
      /is promoted and takes writes; db\.orders\.internal does not name it/,
    );
    const promoted = () =>
      pair.callsSinceLoss().filter((call) => call.endsWith("rds:PromoteReadReplica")).length;
    expect(promoted()).toBe(1);

    // The faults that are left would spoil the next runs too: they stand for an outage that goes on for a while.
    const again = async () => (await pair.standby(...failover)).exitCode;
    await expect.poll(again, { timeout: 300_000, interval: 100 }).toBe(0);
    expect(promoted()).toBe(1);
    await expect.poll(() => pair.recordTarget(), { timeout: 15_000 }).toBe(west1);
  });
});
