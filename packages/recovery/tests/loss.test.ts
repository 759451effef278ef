import type { RecoveryPoint } from "@standby/topology";
import { describe, expect, it } from "vitest";
import { estimateLoss, type Loss, lossRefusal } from "../src/loss.ts";
import { replicating } from "./support/observation.ts";

const objective: RecoveryPoint = { maximumLagSeconds: 20, maximumAgeSeconds: 300 };
const at = new Date("2026-11-24T12:00:00Z");

const behind = (lagSeconds: number, writtenAt?: string): Loss =>
  estimateLoss({
    replica: {
      ...replicating({ lagSeconds }).value,
      ...(writtenAt === undefined ? {} : { heartbeat: { region: "us-east-1", writtenAt } }),
    },
    source: undefined,
    isPromoted: false,
    at,
  });

describe("a loss by the replication's own figure", () => {
  it("is taken without a word up to the deployed objective, and not beyond", () => {
    expect(lossRefusal(behind(20), undefined, objective)).toBeUndefined();
    expect(lossRefusal(behind(21), undefined, objective)).toContain("more than the 20 s");
    expect(
      lossRefusal(behind(21), undefined, { ...objective, maximumLagSeconds: 60 }),
    ).toBeUndefined();
  });

  it("is taken beyond it when so many seconds are accepted", () => {
    expect(lossRefusal(behind(40), 40, objective)).toBeUndefined();
    expect(lossRefusal(behind(41), 40, objective)).toContain("--accept-data-loss 41");
  });

  it("is not believed when the newest heartbeat is older than the deployed age", () => {
    const recent = behind(0, "2026-11-24T11:55:00Z");
    const old = behind(0, "2026-11-24T11:54:59Z");
    expect(lossRefusal(recent, undefined, objective)).toBeUndefined();
    expect(lossRefusal(old, undefined, objective)).toContain("301 s old, more than the 300 s");
    expect(lossRefusal(old, 600, objective)).toContain("--accept-data-loss unknown");
    expect(lossRefusal(old, "unknown", objective)).toBeUndefined();
  });

  it("has no negative age when the other Region's clock is ahead", () => {
    expect(behind(0, "2026-11-24T12:00:05Z")).toMatchObject({ lastKnownAgeSeconds: 0 });
  });
});
