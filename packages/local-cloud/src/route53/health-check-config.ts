import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { AwsError } from "../service.ts";

const notModelled = (type: string | undefined): AwsError =>
  new AwsError("NotModelled", `NotModelled: Route53.CreateHealthCheck of type ${type}`, 501);

export const invalidInput = (message: string): AwsError => new AwsError("InvalidInput", message);

/** What only checks that probe an endpoint have. */
const endpointFields = [
  "EnableSNI",
  "FailureThreshold",
  "FullyQualifiedDomainName",
  "IPAddress",
  "MeasureLatency",
  "Port",
  "Regions",
  "RequestInterval",
  "ResourcePath",
  "SearchString",
] as const;

const statuses: ReadonlySet<string> = new Set(["Healthy", "Unhealthy", "LastKnownStatus"]);

/**
 * A health check that follows a CloudWatch alarm's metric: the one kind that a private database can have.
 *
 * @throws {AwsError} `InvalidInput` for what AWS refuses, `NotModelled` for the kinds that send requests
 */
export function checkConfig(config: HealthCheckConfig): void {
  if (config.Type !== "CLOUDWATCH_METRIC") throw notModelled(config.Type);
  const { Name, Region } = config.AlarmIdentifier ?? {};
  if (!Name || !Region)
    throw invalidInput(
      "Invalid parameter : AlarmIdentifier must be specified for health checks of type CLOUDWATCH_METRIC.",
    );
  const field = endpointFields.find((each) => config[each] !== undefined);
  if (field !== undefined)
    throw invalidInput(
      `Invalid parameter : ${field} can't be specified for health checks of type CLOUDWATCH_METRIC.`,
    );
  const status = config.InsufficientDataHealthStatus;
  if (status !== undefined && !statuses.has(status))
    throw invalidInput(
      "Invalid parameter : InsufficientDataHealthStatus must be Healthy, Unhealthy or LastKnownStatus.",
    );
}
