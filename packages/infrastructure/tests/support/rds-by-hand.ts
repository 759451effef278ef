import { type LocalCloud, workload } from "@standby/local-cloud";
import { callsByHand } from "@standby/local-cloud/testing";

/** A call of RDS that somebody else makes, past the program. */
export const rdsByHand = (
  cloud: LocalCloud,
  region: string,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> => callsByHand(cloud, workload).rds(region, action, parameters);

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
