import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askControls, startControls } from "../src/controls.ts";
import type { Fault } from "../src/faults.ts";
import type { Notification } from "../src/notifications.ts";
import { RequestLog } from "../src/request-log.ts";

describe("the controls of a local cloud", () => {
  let folder: string;
  let controls: AsyncDisposable;
  let lastLoss: number | undefined;
  const log = new RequestLog();
  const losses: string[] = [];
  const faults: Fault[] = [];
  const notifications: readonly Notification[] = [
    {
      at: "2026-01-01T00:00:00.000Z",
      region: "us-west-2",
      topicArn: "arn:aws:sns:us-west-2:123456789012:watch",
      subject: "ALARM",
      message: "{}",
    },
  ];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "controls-"));
    lastLoss = undefined;
    losses.length = 0;
    controls = await startControls(folder, {
      lose: async (region, mode) => {
        losses.push(`${region} ${mode}`);
        lastLoss = log.last;
      },
      loseRoute53ControlPlane: (mode) => void losses.push(`route53 ${mode}`),
      restoreRoute53ControlPlane: () => void losses.push("route53 restored"),
      notifications: () => notifications,
      restore: async (region) => void losses.push(`${region} restored`),
      calls: (filter) => log.calls(filter),
      addFault: (fault) => void faults.push(fault),
      get lastLoss() {
        return lastLoss;
      },
    });
  });

  afterEach(async () => {
    await controls[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const called = (region: string, operation: string) =>
    log.add({ region, service: "rds", operation, principal: "someone", outcome: "answered" });

  it("loses and restores a Region", async () => {
    await askControls(folder, { command: "lose", region: "us-east-1", mode: "refuse" });
    await askControls(folder, { command: "restore", region: "us-east-1" });
    expect(losses).toEqual(["us-east-1 refuse", "us-east-1 restored"]);
  });

  it("takes Route 53's control plane away and brings it back", async () => {
    await askControls(folder, { command: "lose-route53", mode: "5xx" });
    await askControls(folder, { command: "restore-route53" });
    expect(losses).toEqual(["route53 5xx", "route53 restored"]);
  });

  it("lists what alarms sent", async () => {
    const asked = await askControls(folder, { command: "notifications" });
    expect(asked.notifications).toEqual(notifications);
  });

  it("lists only what came after the loss, in the Region that was asked for", async () => {
    called("us-east-1", "Before");
    await askControls(folder, { command: "lose", region: "us-east-1", mode: "hang" });
    called("us-east-1", "After");
    called("us-west-2", "Elsewhere");
    const { calls } = await askControls(folder, {
      command: "calls",
      region: "us-east-1",
      sinceLoss: true,
    });
    expect(calls.map(({ operation }) => operation)).toEqual(["After"]);
  });

  it("says that nothing was lost instead of listing everything", async () => {
    await expect(askControls(folder, { command: "calls", sinceLoss: true })).rejects.toThrow(
      "No Region was lost yet",
    );
  });

  it("refuses a way to fail that it does not know", async () => {
    const asked = { command: "lose", region: "us-east-1", mode: "melt" as "hang" } as const;
    await expect(askControls(folder, asked)).rejects.toThrow(
      "--how must be one of hang, refuse, 5xx",
    );
  });

  it("passes a fault on", async () => {
    const fault = {
      service: "rds",
      operation: "PromoteReadReplica",
      times: 1,
      kind: "fail-later",
    } as const;
    await askControls(folder, { command: "fail", fault });
    expect(faults).toEqual([fault]);
  });

  it("says how to go on when the cloud has ended", async () => {
    await expect(
      askControls(join(folder, "gone"), { command: "calls", sinceLoss: false }),
    ).rejects.toThrow("npm run local-cloud");
  });
});
