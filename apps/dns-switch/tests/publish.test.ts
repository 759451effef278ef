import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { expect, it } from "vitest";
import { publish } from "../src/publish.ts";

const readAt = new Date("2026-11-24T03:00:30Z");

it.each([
  [true, 1],
  [false, 0],
])(
  "publishes the recovery Region being named (%s) as %s, at the time of the reading",
  async (isRecoveryRegion, value) => {
    const sent: unknown[] = [];
    const client = { send: async (command: unknown) => void sent.push(command) };
    await publish(
      client as unknown as Parameters<typeof publish>[0],
      { service: "orders-prod", namedRegion: "x", isRecoveryRegion },
      readAt,
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]).toBeInstanceOf(PutMetricDataCommand);
    expect((sent[0] as PutMetricDataCommand).input).toEqual({
      Namespace: "StandbyDnsSwitch/orders-prod",
      MetricData: [
        {
          MetricName: "RecoveryRegionNamed",
          Dimensions: [{ Name: "Service", Value: "orders-prod" }],
          Timestamp: readAt,
          Value: value,
        },
      ],
    });
  },
);
