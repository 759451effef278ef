import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  RotateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { type LocalCloud, workload } from "@standby/local-cloud";
import { secretsByHand } from "./aws-by-hand.ts";
import { askOrders } from "./orders.ts";

export const applicationSecret = "orders-prod/database";
export const adminSecret = "orders-prod/database-admin";

/** Writes through one Region's application without a pause until it is stopped; what was not acknowledged. */
export function writeWithoutPause(cloud: LocalCloud, region: string) {
  const failures: string[] = [];
  let acknowledged = 0;
  let stopped = false;
  const writing = (async () => {
    while (!stopped) {
      const key = randomUUID();
      const request = { method: "POST", path: "/orders", key } as const;
      const { status, body } = await askOrders(cloud, region, "orders-prod-orders-api", request);
      if (status >= 200 && status < 300) acknowledged += 1;
      else failures.push(`${status} ${body}`);
      await delay(20);
    }
  })();
  return {
    /** Returns when one more write has been answered. */
    async stop() {
      stopped = true;
      await writing;
      return { acknowledged, failures };
    },
  };
}

/** What the rotation function of a Region answers, or the text of its error. */
export async function callRotation(
  { endpoint }: LocalCloud,
  region: string,
  event: object,
): Promise<string> {
  const path = "2015-03-31/functions/orders-prod-secret-rotation/invocations";
  const response = await fetch(`${endpoint}/${path}`, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${workload.accessKeyId}/20260101/${region}/lambda/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(60_000),
  });
  return response.text();
}

export const describeSecret = (
  cloud: LocalCloud,
  region: string,
  name: string,
): Promise<DescribeSecretResponse> =>
  secretsByHand(cloud, region).send(new DescribeSecretCommand({ SecretId: name }));

export const requestRotation = (cloud: LocalCloud, region: string, name: string) =>
  secretsByHand(cloud, region).send(new RotateSecretCommand({ SecretId: name }));

/** When the secret was rotated last, if it was. */
export const rotatedAt = async (cloud: LocalCloud, region: string, name: string) =>
  (await describeSecret(cloud, region, name)).LastRotatedDate?.getTime() ?? 0;

/** The version with this label; undefined when there is none, or it has no value. */
export async function valueFor(
  cloud: LocalCloud,
  region: string,
  name: string,
  stage = "AWSCURRENT",
): Promise<{ readonly username: string; readonly password: string } | undefined> {
  const command = new GetSecretValueCommand({ SecretId: name, VersionStage: stage });
  try {
    const { SecretString = "" } = await secretsByHand(cloud, region).send(command);
    return JSON.parse(SecretString);
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
