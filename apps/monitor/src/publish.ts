import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { type MonitorReport, type ScheduledPreflight, signalsOf } from "@standby/recovery";
import { activeMetricName, lagMetricName, monitorMetrics, preflightEvent } from "@standby/topology";

type Metrics = Readonly<Record<string, number>>;

/** Datapoints of standard resolution, one a metric, under the time at which it was looked. */
async function publish(
  client: Pick<CloudWatchClient, "send">,
  service: string,
  metrics: Metrics,
  observedAt: string,
): Promise<void> {
  const { namespace, dimension } = monitorMetrics;
  await client.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: Object.entries(metrics).map(([name, value]) => ({
        MetricName: name,
        Dimensions: [{ Name: dimension, Value: service }],
        Timestamp: new Date(observedAt),
        Value: value,
      })),
    }),
  );
}

/** A lag that nobody knows is published as no lag at all, never as 0: a signal of its own says so. So is a writer that nobody is. */
export const publishLook = (
  client: Pick<CloudWatchClient, "send">,
  report: MonitorReport,
  recoveryRegion: string,
): Promise<void> =>
  publish(
    client,
    report.service,
    {
      ...signalsOf(report),
      ...(report.lagSeconds === null ? {} : { [lagMetricName]: report.lagSeconds }),
      ...(report.activeRegion === null
        ? {}
        : { [activeMetricName]: report.activeRegion === recoveryRegion ? 1 : 0 }),
    },
    report.observedAt,
  );

/** The verdict as a metric, for the alarm, and as an event, for whoever wants the checks. */
export async function publishPreflight(
  clients: {
    readonly cloudWatch: Pick<CloudWatchClient, "send">;
    readonly events: Pick<EventBridgeClient, "send">;
  },
  report: ScheduledPreflight,
): Promise<void> {
  const { service, verdict, observedAt } = report;
  await publish(
    clients.cloudWatch,
    service,
    { "preflight-red": verdict === "refused" ? 1 : 0 },
    observedAt,
  );
  const { FailedEntryCount = 0, Entries } = await clients.events.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: preflightEvent.source,
          DetailType: preflightEvent.detailType,
          Time: new Date(observedAt),
          Detail: JSON.stringify(report),
        },
      ],
    }),
  );
  // A refused entry is no error of the call.
  if (FailedEntryCount > 0)
    throw new Error(`EventBridge refused the event: ${Entries?.[0]?.ErrorCode ?? "no reason"}`);
}
