import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  type MonitoredPair,
  type MonitorReport,
  monitor,
  type ScheduledPreflight,
  scheduledPreflight,
} from "@standby/recovery";
import type { MonitorRequest } from "@standby/topology";
import { readMonitoredPair } from "./monitored-pair.ts";
import { publishLook, publishPreflight } from "./publish.ts";

/** The part of Lambda's context that is used. */
interface InvocationContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

interface Watch {
  readonly pair: MonitoredPair;
  readonly cloudWatch: CloudWatchClient;
  readonly events: EventBridgeClient;
}

/** What publishing needs after the look: Lambda's own time-out would end both. */
const reserveMillis = 3_000;

let watch: Watch | undefined;

function openWatch(): Watch {
  const requestHandler = {
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    throwOnRequestTimeout: true,
  };
  return {
    pair: readMonitoredPair(process.env),
    cloudWatch: new CloudWatchClient({ requestHandler }),
    events: new EventBridgeClient({ requestHandler }),
  };
}

/**
 * The Lambda function that looks at the pair from the recovery Region: every minute at what is live, every 30 minutes at whether a
 * failover would work. It changes nothing. When it fails nothing is published, and an alarm rings on the silence.
 *
 * @throws Error of AWS when what was seen could not be published
 */
export async function handler(
  request: MonitorRequest,
  context: InvocationContext,
): Promise<MonitorReport | ScheduledPreflight> {
  watch ??= openWatch();
  const { pair, cloudWatch, events } = watch;
  const signal = AbortSignal.timeout(
    Math.max(0, context.getRemainingTimeInMillis() - reserveMillis),
  );
  if (request.ask === "preflight") {
    const report = await scheduledPreflight(pair, signal);
    logReport(context, report);
    await publishPreflight({ cloudWatch, events }, report);
    return report;
  }
  const report = await monitor(pair, signal);
  logReport(context, report);
  await publishLook(cloudWatch, report, pair.deployment.recoveryRegion);
  return report;
}

/** One line of JSON, which CloudWatch Logs can filter. Findings hold no secret. */
function logReport(
  { awsRequestId: requestId }: InvocationContext,
  { observedAt, verdict, findings, schema }: MonitorReport | ScheduledPreflight,
): void {
  const line = {
    time: observedAt,
    level: "info",
    message: schema,
    requestId,
    verdict,
    findings: findings.map(({ code }) => code),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
