import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { DnsSwitchAnswer } from "@standby/topology";
import { readChoice } from "./choice.ts";
import { publish } from "./publish.ts";

let client: CloudWatchClient | undefined;

const makeClient = (): CloudWatchClient =>
  new CloudWatchClient({
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 3_000,
      throwOnRequestTimeout: true,
    },
  });

/**
 * The Lambda function that keeps the health check's metric going: called every minute by its schedule, and at once by a command that
 * moves the name. It asks nothing of a database, and joins no VPC. When it fails nothing is published, and the name stays where it is.
 */
export async function handler(): Promise<DnsSwitchAnswer> {
  const readAt = new Date();
  const choice = readChoice(process.env);
  client ??= makeClient();
  await publish(client, choice, readAt);
  const { namedRegion } = choice;
  const line = { time: readAt.toISOString(), level: "info", message: "published", namedRegion };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return { namedRegion };
}
