import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { dnsSwitchMetric, dnsSwitchNamespace } from "@standby/topology";
import type { Choice } from "./choice.ts";

/** One datapoint of standard resolution, the only one that a health check follows, under the time at which the choice was read. */
export async function publish(
  client: Pick<CloudWatchClient, "send">,
  { service, isRecoveryRegion }: Choice,
  readAt: Date,
): Promise<void> {
  const { name, dimension } = dnsSwitchMetric;
  await client.send(
    new PutMetricDataCommand({
      Namespace: dnsSwitchNamespace(service),
      MetricData: [
        {
          MetricName: name,
          Dimensions: [{ Name: dimension, Value: service }],
          Timestamp: readAt,
          Value: isRecoveryRegion ? 1 : 0,
        },
      ],
    }),
  );
}
