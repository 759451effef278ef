import { type LocalCloud, workload } from "@standby/local-cloud";

/**
 * A call of RDS that somebody else makes, past the program. The local cloud reads the Region out of the signature and does not
 * verify it, so that no client is needed.
 */
export async function rdsByHand(
  { endpoint }: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      authorization: `AWS4-HMAC-SHA256 Credential=${workload.accessKeyId}/20260101/${region}/rds/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
    },
    body: new URLSearchParams({ Action: action, Version: "2014-10-31", ...parameters }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action} was answered with ${response.status}: ${text}`);
  return text;
}

const status = async (cloud: LocalCloud, region: string, identifier: string): Promise<string> => {
  const text = await rdsByHand(cloud, region, "DescribeDBInstances", {
    DBInstanceIdentifier: identifier,
  }).catch((error: unknown) => {
    if (String(error).includes("DBInstanceNotFound")) return "";
    throw error;
  });
  return /<DBInstanceStatus>([^<]*)</.exec(text)?.[1] ?? "gone";
};

/** Waits for one of these statuses; `gone` is one. */
export async function untilStatus(
  cloud: LocalCloud,
  region: string,
  identifier: string,
  wanted: string,
): Promise<void> {
  const deadline = AbortSignal.timeout(30_000);
  while ((await status(cloud, region, identifier)) !== wanted) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Somebody promotes the replica: with the AWS CLI, or in the console. */
export async function promoteByHand(
  cloud: LocalCloud,
  region: string,
  identifier: string,
): Promise<void> {
  await rdsByHand(cloud, region, "PromoteReadReplica", {
    DBInstanceIdentifier: identifier,
    // Left out, RDS sets it to a day: the next refreshed update would set it back, which is no part of what is tried here.
    BackupRetentionPeriod: "7",
  });
  await untilStatus(cloud, region, identifier, "available");
}

/** Somebody deletes it, protection or not. */
export async function deleteByHand(
  cloud: LocalCloud,
  region: string,
  identifier: string,
): Promise<void> {
  await rdsByHand(cloud, region, "ModifyDBInstance", {
    DBInstanceIdentifier: identifier,
    DeletionProtection: "false",
    ApplyImmediately: "true",
  });
  await untilStatus(cloud, region, identifier, "available");
  await rdsByHand(cloud, region, "DeleteDBInstance", {
    DBInstanceIdentifier: identifier,
    SkipFinalSnapshot: "true",
  });
  await untilStatus(cloud, region, identifier, "gone");
}
