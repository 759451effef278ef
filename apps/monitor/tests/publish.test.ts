import type { MonitorReport, ScheduledPreflight } from "@standby/recovery";
import { describe, expect, it } from "vitest";
import { publishLook, publishPreflight } from "../src/publish.ts";

const west = "us-west-2";
const observedAt = "2026-11-24T03:00:30.000Z";

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Readonly<Record<string, unknown>>;
}

function recorder(answer: object = {}) {
  const sent: Sent[] = [];
  const client = {
    async send(command: Sent) {
      sent.push(command);
      return answer;
    },
  };
  return { sent, client: client as unknown as Parameters<typeof publishLook>[0] };
}

const metricsOf = (sent: readonly Sent[]) =>
  Object.fromEntries(
    sent
      .flatMap(
        ({ input }) => (input["MetricData"] ?? []) as { MetricName: string; Value: number }[],
      )
      .map(({ MetricName, Value }) => [MetricName, Value]),
  );

const entriesOf = (sent: readonly Sent[]) =>
  sent.flatMap(({ input }) => (input["Entries"] ?? []) as { Detail: string }[]);

const look = (changes: Partial<MonitorReport> = {}): MonitorReport => ({
  schema: "standby.monitor/1",
  observedAt,
  service: "orders-prod",
  verdict: "ready",
  activeRegion: "us-east-1",
  lagSeconds: 2,
  findings: [],
  ...changes,
});

const preflight = (changes: Partial<ScheduledPreflight> = {}): ScheduledPreflight => ({
  schema: "standby.scheduled-preflight/1",
  observedAt,
  service: "orders-prod",
  verdict: "go",
  checks: [],
  findings: [],
  ...changes,
});

describe("a look", () => {
  it("is published as one datapoint a finding, of the service and the time of the look", async () => {
    const { sent, client } = recorder();
    const finding = { severity: "error", message: "m", remedy: [], runbook: "r" } as const;
    await publishLook(client, look({ findings: [{ code: "split-brain", ...finding }] }), west);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.input).toMatchObject({ Namespace: "Standby" });
    expect(sent[0]?.input["MetricData"]).toContainEqual({
      MetricName: "split-brain",
      Dimensions: [{ Name: "Service", Value: "orders-prod" }],
      Timestamp: new Date(observedAt),
      Value: 1,
    });
    expect(metricsOf(sent)).toMatchObject({ "no-writer": 0, "replication-lag-seconds": 2 });
  });

  it("with a lag that nobody knows publishes none", async () => {
    const { sent, client } = recorder();
    await publishLook(client, look({ lagSeconds: null }), west);
    expect(metricsOf(sent)).not.toHaveProperty("replication-lag-seconds");
  });

  it.each([
    ["us-east-1", 0],
    [west, 1],
    [null, undefined],
  ])("with the writer in %s says so by %s", async (activeRegion, value) => {
    const { sent, client } = recorder();
    await publishLook(client, look({ activeRegion }), west);
    expect(metricsOf(sent)["recovery-region-active"]).toBe(value);
  });
});

describe("a preflight", () => {
  it.each([
    ["go", 0],
    ["go-with-findings", 0],
    ["refused", 1],
  ] as const)(
    "with the verdict %s is published as %s, and sent as an event",
    async (verdict, value) => {
      const cloudWatch = recorder();
      const events = recorder({ FailedEntryCount: 0 });
      await publishPreflight(
        { cloudWatch: cloudWatch.client, events: events.client as never },
        preflight({ verdict }),
      );
      expect(metricsOf(cloudWatch.sent)).toEqual({ "preflight-red": value });
      const [entry] = entriesOf(events.sent);
      expect(entry).toMatchObject({ Source: "standby", DetailType: "Standby Preflight" });
      expect(JSON.parse(entry?.Detail ?? "")).toMatchObject({ verdict });
    },
  );

  it("whose event was refused fails, although the call did not", async () => {
    const events = recorder({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "ThrottlingException" }],
    });
    await expect(
      publishPreflight(
        { cloudWatch: recorder().client, events: events.client as never },
        preflight(),
      ),
    ).rejects.toThrow("ThrottlingException");
  });
});
