import { AwsClients, type MonitoredPair, recoveryBucket } from "@standby/recovery";
import { type DeployedPair, monitoredPairVariable } from "@standby/topology";

/**
 * The pair as the recovery stack's last update wrote it into the function's environment. It names no secret.
 *
 * @throws Error that names the variable when it is missing or no JSON
 */
export function readMonitoredPair(
  environment: Readonly<Record<string, string | undefined>>,
): MonitoredPair {
  const deployment = parse(environment[monitoredPairVariable]);
  const clients = new AwsClients(deployment.recoveryRegion);
  const bucket = deployment.recovery.recoveryBucket;
  return {
    deployment,
    clients,
    store:
      bucket === undefined
        ? undefined
        : recoveryBucket(clients.in(deployment.recoveryRegion).s3, bucket),
  };
}

function parse(text: string | undefined): DeployedPair {
  try {
    const deployment = JSON.parse(text ?? "") as DeployedPair;
    if (typeof deployment.recoveryRegion === "string") return deployment;
  } catch {
    // Told below: the parser's message would repeat the text.
  }
  throw new Error(
    `${monitoredPairVariable} does not hold the pair: run pulumi up on the recovery stack.`,
  );
}
